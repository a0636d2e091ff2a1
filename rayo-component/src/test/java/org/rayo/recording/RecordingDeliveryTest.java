package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rayo.recording.Captures.FALLBACK;
import static org.rayo.recording.Captures.STORE;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.recording.Manifest.Delivery;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;

/** Recordings on their way into stores that give trouble. */
class RecordingDeliveryTest {

  private static final int THREADS = 2;

  @TempDir Path directory;
  private Path audio;
  private final FakeStore store = new FakeStore();
  private final FakeStore other = new FakeStore("https://other.example.org/");
  private RecordingDelivery delivery = delivery(Duration.ofHours(1));

  @BeforeEach
  void file() throws Exception {
    audio = Files.write(directory.resolve("audio.mp3"), new byte[10]);
  }

  @AfterEach
  void close() {
    store.gate.countDown();
    other.gate.countDown();
    delivery.close();
  }

  private RecordingDelivery delivery(Duration giveUpAfter) {
    return new RecordingDelivery(
        Map.of(STORE, store, FALLBACK, other),
        new RecordingDelivery.Settings(
            THREADS, Duration.ofMillis(20), Duration.ofMillis(80), giveUpAfter),
        SpoolSealing.NONE,
        RecordingNews.NONE);
  }

  /** What has become of one recording in one store. */
  private static final class Outcome implements RecordingDelivery.Progress {
    final CompletableFuture<StoredRecording> stored = new CompletableFuture<>();
    final CompletableFuture<Boolean> settled = new CompletableFuture<>();
    final CompletableFuture<String> dead = new CompletableFuture<>();
    private final Manifest manifest;

    Outcome(Manifest manifest) {
      this.manifest = manifest;
    }

    @Override
    public void stored(StoredRecording there) {
      stored.complete(there);
    }

    @Override
    public void settled() {
      settled.complete(true);
    }

    @Override
    public void dead(String problem) {
      dead.complete(problem);
    }

    @Override
    public Manifest manifest() {
      return manifest;
    }
  }

  private Outcome deliver(String id) {
    return deliver(Captures.manifest(id), STORE);
  }

  private Outcome deliver(Manifest manifest, String to) {
    Outcome outcome = new Outcome(manifest);
    delivery.deliver(manifest, to, audio, outcome);
    return outcome;
  }

  @Test
  void deliver_storeTakesIt_isThereThenSettled() throws Exception {
    Outcome outcome = deliver("r1");
    assertThat(outcome.stored.get(5, TimeUnit.SECONDS).uri())
        .hasToString("https://store.example.org/2026/01/01/r1.mp3");
    assertThat(outcome.settled.get(5, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 1000 && delivery.underWay() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(delivery.underWay()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"UNAVAILABLE", "CORRUPTED", "CONFIGURATION"})
  void deliver_faultThatMayPass_isRetriedWithGrowingPauses(Fault fault) throws Exception {
    store.faults.addAll(List.of(fault, fault, fault));
    deliver("r1").stored.get(5, TimeUnit.SECONDS);
    List<Long> at = new ArrayList<>(store.attemptedAt);
    assertThat(at).hasSize(4);
    assertThat(at.get(1) - at.get(0)).isGreaterThanOrEqualTo(20_000_000L);
    assertThat(at.get(2) - at.get(1)).isGreaterThanOrEqualTo(40_000_000L);
    assertThat(at.get(3) - at.get(2)).isGreaterThanOrEqualTo(80_000_000L);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSED", "SOURCE"})
  void deliver_faultThatStays_isDeadAndNotAskedAgain(Fault fault) throws Exception {
    store.faults.add(fault);
    Outcome outcome = deliver("r1");
    assertThat(outcome.dead.get(5, TimeUnit.SECONDS)).contains(fault.name(), "told to fail");
    assertThat(outcome.stored).isNotDone();
    assertThat(store.attempts).hasValue(1);
    assertThat(store.aborted).hasValue(1);
  }

  @Test
  void deliver_failsForTooLong_isDead() throws Exception {
    delivery.close();
    delivery = delivery(Duration.ZERO);
    store.faults.add(Fault.UNAVAILABLE);
    assertThat(deliver("r1").dead.get(5, TimeUnit.SECONDS)).contains("UNAVAILABLE");
  }

  @Test
  void deliver_wrongSize_isCorruptAndRetried() throws Exception {
    store.sizes.addAll(List.of(9L, 0L));
    assertThat(deliver("r1").stored.get(5, TimeUnit.SECONDS).sizeBytes()).isEqualTo(10);
    assertThat(store.attempts).hasValue(3);
  }

  @Test
  void deliver_unknownStore_isDead() {
    Manifest manifest =
        Captures.manifest(
            "r1", Map.of("nobody", Delivery.pending("k")), Optional.empty(), Map.of());
    assertThat(deliver(manifest, "nobody").dead.join()).contains("nobody");
  }

  @Test
  void deliver_everyThreadOfOneStoreHangs_theOtherGoesOn() throws Exception {
    store.gate = new CountDownLatch(1);
    List<Outcome> all = new ArrayList<>();
    for (int i = 0; i < THREADS * 5; i++) {
      all.add(deliver("r" + i));
    }
    Manifest both =
        Captures.manifest(
            "r99", Map.of(FALLBACK, Delivery.pending("r99.mp3")), Optional.empty(), Map.of());
    deliver(both, FALLBACK).settled.get(5, TimeUnit.SECONDS);
    for (int i = 0; i < 2000 && store.attempts.get() < THREADS; i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(store.attempts).hasValue(THREADS);
    store.gate.countDown();
    for (Outcome one : all) {
      one.settled.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void follow_growingFile_isSentAheadButNotItsEnd_andFinishedByTheSameUpload() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    grow(AheadUploads.WORTH_IT_BYTES - 1);
    delivery.follow(manifest, audio, false);
    TimeUnit.MILLISECONDS.sleep(2500);
    assertThat(store.advanced).as("too short to be worth it").isEmpty();
    long size = AheadUploads.WORTH_IT_BYTES * 3;
    grow(size);
    String key = manifest.delivery(STORE).key();
    for (int i = 0; i < 2000 && !store.advanced.containsKey(key); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(store.advanced).containsEntry(key, size - AheadUploads.GUARD_BYTES);
    deliver(manifest, STORE).settled.get(5, TimeUnit.SECONDS);
    assertThat(store.attempts).as("uploads begun").hasValue(1);
  }

  @Test
  void follow_mayShrink_orDropped_nothingIsLeft() throws Exception {
    Manifest shrinking = Captures.manifest("r1");
    Manifest unwanted = Captures.manifest("r2");
    grow(AheadUploads.WORTH_IT_BYTES * 2);
    delivery.follow(shrinking, audio, true);
    delivery.follow(unwanted, audio, false);
    String key = unwanted.delivery(STORE).key();
    for (int i = 0; i < 2000 && !store.advanced.containsKey(key); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(store.advanced).containsOnlyKeys(key);
    delivery.drop(unwanted);
    for (int i = 0; i < 2000 && store.aborted.get() == 0; i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(store.aborted).hasValue(1);
  }

  private void grow(long size) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(audio.toFile(), "rw")) {
      file.setLength(size);
    }
  }

  @Test
  void close_storesAreClosedAndNothingIsTakenAnyMore() {
    delivery.close();
    assertThat(store.closed).isTrue();
    assertThat(other.closed).isTrue();
    assertThatThrownBy(() -> deliver("r1")).isInstanceOf(RejectedExecutionException.class);
  }
}
