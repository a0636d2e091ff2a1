package org.rayo.recording;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.recording.Manifest.Place;
import org.rayo.storage.StoredRecording;

/**
 * Decides where a client is told that its recording lies: in the first store that was asked for,
 * while that is in time; then in any other that has it; then in the store that stands by; at last
 * in the spool. Thread safe.
 */
abstract class Placement {

  /**
   * Where it can be read.
   *
   * @param sizeBytes of what lies there
   */
  record Placed(Place place, Optional<URI> uri, long sizeBytes) {
    /** In the store whose part this is. */
    static Placed in(Manifest.Delivery part) {
      StoredRecording there = part.stored().orElseThrow();
      return new Placed(Place.STORE, Optional.of(there.uri()), there.sizeBytes());
    }
  }

  private enum Patience {
    /** The first store is waited for. */
    FOR_THE_FIRST,
    /** Any store will do. */
    FOR_ANY
  }

  private final List<String> order = new ArrayList<>();
  private final Set<String> awaited = new LinkedHashSet<>();
  private final Optional<String> standby;
  private final Placed spool;
  private final Map<String, Placed> has = new LinkedHashMap<>();
  private final CompletableFuture<Placed> decided = new CompletableFuture<>();
  private Patience patience = Patience.FOR_THE_FIRST;

  /**
   * @param asked the stores that are to have it, the first preferred
   * @param standby a store that is asked when the first is late
   * @param spool the copy there
   */
  Placement(List<String> asked, Optional<String> standby, Placed spool) {
    order.addAll(asked);
    awaited.addAll(asked);
    this.standby = standby;
    this.spool = spool;
  }

  /** Asks the store that stands by; it may answer at once. */
  abstract void ask(String store);

  /** Completes once; never fails. */
  CompletionStage<Placed> decided() {
    return decided;
  }

  /** A store has it. */
  void stored(String store, Placed placed) {
    synchronized (this) {
      has.put(store, placed);
      awaited.remove(store);
    }
    look();
  }

  /** A store will not take it. */
  void refused(String store) {
    boolean first;
    synchronized (this) {
      awaited.remove(store);
      first = !order.isEmpty() && order.get(0).equals(store);
    }
    if (first) {
      impatient();
    }
    look();
  }

  /** The first store has had its time; called once more, all of them have. */
  void late() {
    boolean again;
    synchronized (this) {
      again = patience == Patience.FOR_ANY;
    }
    impatient();
    if (again || isOnlyTheFirstAwaited()) {
      giveUp();
    } else {
      look();
    }
  }

  private synchronized boolean isOnlyTheFirstAwaited() {
    return order.stream().skip(1).noneMatch(awaited::contains);
  }

  /** Nobody is asked any more. */
  void giveUp() {
    decided.complete(any().orElse(spool));
  }

  private void impatient() {
    boolean news;
    synchronized (this) {
      news = patience == Patience.FOR_THE_FIRST;
      patience = Patience.FOR_ANY;
      if (news && has.isEmpty() && !decided.isDone()) {
        standby.ifPresent(
            store -> {
              order.add(store);
              awaited.add(store);
            });
      } else {
        news = false;
      }
    }
    if (news) {
      standby.ifPresent(this::ask);
    }
  }

  private void look() {
    Optional<Placed> found;
    boolean nobodyLeft;
    synchronized (this) {
      found =
          patience == Patience.FOR_ANY
              ? any()
              : order.stream().limit(1).filter(has::containsKey).map(has::get).findFirst();
      nobodyLeft = awaited.isEmpty();
    }
    if (found.isPresent()) {
      decided.complete(found.get());
    } else if (nobodyLeft) {
      giveUp();
    }
  }

  private synchronized Optional<Placed> any() {
    return order.stream().filter(has::containsKey).map(has::get).findFirst();
  }
}
