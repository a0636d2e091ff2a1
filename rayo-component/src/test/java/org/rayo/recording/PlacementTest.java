package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rayo.recording.Manifest.Place;
import org.rayo.recording.Placement.Placed;

/** Where a client is told that its recording lies. */
class PlacementTest {

  private static final Placed SPOOL = placed(Place.SPOOL, "spool");
  private static final Placed A = placed(Place.STORE, "a");
  private static final Placed B = placed(Place.STORE, "b");
  private static final Placed LOCAL = placed(Place.STORE, "local");

  private final List<String> asked = new ArrayList<>();

  private static Placed placed(Place place, String name) {
    return new Placed(place, Optional.of(URI.create("file:/" + name)), 10);
  }

  private Placement placement(Optional<String> standby, String... stores) {
    return new Placement(List.of(stores), standby, SPOOL) {
      @Override
      void ask(String store) {
        asked.add(store);
      }
    };
  }

  private static Optional<Placed> decided(Placement placement) {
    return Optional.ofNullable(placement.decided().toCompletableFuture().getNow(null));
  }

  @Test
  void first_inTime_isTold_howeverQuickTheOthersAre() {
    Placement placement = placement(Optional.of("local"), "a", "b");
    placement.stored("b", B);
    assertThat(decided(placement)).isEmpty();
    placement.stored("a", A);
    assertThat(decided(placement)).contains(A);
    placement.late();
    assertThat(decided(placement)).contains(A);
    assertThat(asked).isEmpty();
  }

  @Test
  void firstLate_anotherThatHasIt_isToldAtOnce() {
    Placement placement = placement(Optional.of("local"), "a", "b");
    placement.stored("b", B);
    placement.late();
    assertThat(decided(placement)).contains(B);
    assertThat(asked).as("who stands by").isEmpty();
  }

  @Test
  void firstLate_nobodyHasIt_whoStandsByIsAskedAndTold() {
    Placement placement = placement(Optional.of("local"), "a");
    placement.late();
    assertThat(asked).containsExactly("local");
    assertThat(decided(placement)).isEmpty();
    placement.stored("local", LOCAL);
    assertThat(decided(placement)).contains(LOCAL);
  }

  @Test
  void firstRefuses_whoStandsByIsAskedWithoutWaiting() {
    Placement placement = placement(Optional.of("local"), "a");
    placement.refused("a");
    assertThat(asked).containsExactly("local");
    placement.refused("local");
    assertThat(decided(placement)).contains(SPOOL);
  }

  @Test
  void firstLate_thenInTimeAfterAll_isTold() {
    Placement placement = placement(Optional.of("local"), "a");
    placement.late();
    placement.stored("a", A);
    assertThat(decided(placement)).contains(A);
  }

  @Test
  void allLate_spool() {
    Placement placement = placement(Optional.of("local"), "a");
    placement.late();
    placement.late();
    assertThat(decided(placement)).contains(SPOOL);
  }

  @Test
  void onlyOneStore_late_spoolAtOnce() {
    Placement placement = placement(Optional.empty(), "a");
    placement.late();
    assertThat(decided(placement)).contains(SPOOL);
  }

  @Test
  void everyStoreRefuses_spoolAtOnce() {
    Placement placement = placement(Optional.empty(), "a", "b");
    placement.refused("b");
    assertThat(decided(placement)).isEmpty();
    placement.refused("a");
    assertThat(decided(placement)).contains(SPOOL);
  }

  @Test
  void givenUp_whoHasIt_orTheSpool() {
    Placement late = placement(Optional.of("local"), "a", "b");
    late.stored("b", B);
    late.giveUp();
    assertThat(decided(late)).contains(B);
    Placement empty = placement(Optional.of("local"), "a");
    empty.giveUp();
    assertThat(decided(empty)).contains(SPOOL);
  }
}
