package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.recording.RecordingDelivery.Delivered;
import org.rayo.storage.StorageException.Fault;

/** Recordings on their way into a store that gives trouble. */
class RecordingDeliveryTest {

  private static final int THREADS = 2;

  @TempDir Path directory;
  private Path audio;
  private final FakeStore store = new FakeStore();
  private final BlockingQueue<URI> late = new LinkedBlockingQueue<>();
  private RecordingDelivery delivery = delivery(Duration.ofSeconds(10));

  @BeforeEach
  void file() throws Exception {
    audio = Files.write(directory.resolve("audio.mp3"), new byte[10]);
  }

  @AfterEach
  void close() {
    store.gate.countDown();
    delivery.close();
  }

  private RecordingDelivery delivery(Duration deadline) {
    return new RecordingDelivery(
        store,
        new RecordingDelivery.Settings(
            THREADS, deadline, Duration.ofMillis(20), Duration.ofMillis(80)));
  }

  private void deadline(Duration deadline) {
    delivery.close();
    delivery = delivery(deadline);
  }

  private CompletableFuture<Delivered> deliver(String id) {
    return delivery.deliver(Captures.manifest(id), audio, 10, late::add).toCompletableFuture();
  }

  @Test
  void deliver_storeTakesIt_isThere() throws Exception {
    Delivered delivered = deliver("r1").get(5, TimeUnit.SECONDS);
    assertThat(delivered.inStore()).isTrue();
    assertThat(delivered.uri()).hasToString("https://store.example.org/2026/01/01/r1.mp3");
    assertThat(late).isEmpty();
    assertThat(delivery.underWay()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"UNAVAILABLE", "CORRUPTED", "CONFIGURATION"})
  void deliver_faultThatMayPass_isRetriedWithGrowingPauses(Fault fault) throws Exception {
    store.faults.addAll(List.of(fault, fault, fault));
    assertThat(deliver("r1").get(5, TimeUnit.SECONDS).inStore()).isTrue();
    List<Long> at = new ArrayList<>(store.attemptedAt);
    assertThat(at).hasSize(4);
    assertThat(at.get(1) - at.get(0)).isGreaterThanOrEqualTo(20_000_000L);
    assertThat(at.get(2) - at.get(1)).isGreaterThanOrEqualTo(40_000_000L);
    assertThat(at.get(3) - at.get(2)).isGreaterThanOrEqualTo(80_000_000L);
    assertThat(store.aborted).hasValue(4);
  }

  @Test
  void deliver_refused_fallsBackAtOnceAndIsNotAskedAgain() throws Exception {
    store.faults.add(Fault.REFUSED);
    Delivered delivered = deliver("r1").get(5, TimeUnit.SECONDS);
    assertThat(delivered).isEqualTo(new Delivered(audio.toUri(), 10, false));
    assertThat(delivery.underWay()).isZero();
    assertThat(store.attempts).hasValue(1);
  }

  @Test
  void deliver_fileCannotBeRead_fails() {
    store.faults.add(Fault.SOURCE);
    assertThatThrownBy(() -> deliver("r1").get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void deliver_wrongSize_isCorruptAndRetried() throws Exception {
    store.sizes.addAll(List.of(9L, 0L));
    assertThat(deliver("r1").get(5, TimeUnit.SECONDS).sizeBytes()).isEqualTo(10);
    assertThat(store.attempts).hasValue(3);
  }

  @Test
  void deliver_deadlinePasses_copyInTheSpoolThenLateSuccessIsTold() throws Exception {
    deadline(Duration.ofMillis(100));
    store.gate = new CountDownLatch(1);
    Delivered delivered = deliver("r1").get(5, TimeUnit.SECONDS);
    assertThat(delivered.inStore()).isFalse();
    assertThat(delivered.uri()).isEqualTo(audio.toUri());
    assertThat(delivery.underWay()).isEqualTo(1);
    store.gate.countDown();
    assertThat(late.poll(5, TimeUnit.SECONDS))
        .hasToString("https://store.example.org/2026/01/01/r1.mp3");
  }

  @Test
  void deliver_everyThreadHangs_deadlinesHoldAll() throws Exception {
    deadline(Duration.ofMillis(200));
    store.gate = new CountDownLatch(1);
    long start = System.nanoTime();
    List<CompletableFuture<Delivered>> all = new ArrayList<>();
    for (int i = 0; i < THREADS * 5; i++) {
      all.add(deliver("r" + i));
    }
    for (CompletableFuture<Delivered> one : all) {
      assertThat(one.get(5, TimeUnit.SECONDS).inStore()).isFalse();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(store.attempts).hasValue(THREADS);
    store.gate.countDown();
    for (int i = 0; i < THREADS * 5; i++) {
      assertThat(late.poll(5, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void close_storeIsClosedAndNothingIsTakenAnyMore() {
    delivery.close();
    assertThat(store.closed).isTrue();
    assertThat(deliver("r1")).isCompletedExceptionally();
  }
}
