package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.recording.Captures.FALLBACK;
import static org.rayo.recording.Captures.STORE;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.recording.Manifest.Announcement;
import org.rayo.recording.Manifest.Delivery;
import org.rayo.recording.Manifest.Place;
import org.rayo.storage.StoredRecording;

/** What is removed from the spool, when, and what a person has asked for. */
class SpoolUpkeepTest {

  private static final Instant CAPTURED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration DEAD_KEPT = Duration.ofDays(90);
  private static final Duration MOMENT = Duration.ofSeconds(1);

  @TempDir Path spool;
  private final FakeStore first = new FakeStore();
  private final FakeStore second = new FakeStore();
  private RecordingJournal journal;
  private RecordingDelivery delivery;
  private Repairs repairs;
  private JournalledRecordings recordings;

  @BeforeEach
  void open() throws Exception {
    journal = new RecordingJournal(spool, SpoolRoom.anything());
    delivery =
        new RecordingDelivery(
            Map.of(STORE, first, FALLBACK, second),
            new RecordingDelivery.Settings(
                2, Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofHours(1)),
            SpoolSealing.NONE,
            RecordingNews.NONE);
    repairs = new Repairs(Duration.ofMillis(10), Duration.ofMillis(50));
    recordings =
        new JournalledRecordings(
            journal,
            delivery,
            repairs,
            RecordingNews.NONE,
            new JournalledRecordings.Patience(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMillis(200),
                Duration.ofSeconds(10)));
  }

  @AfterEach
  void close() {
    delivery.close();
    repairs.close();
    journal.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void awaitTrue(Callable<Boolean> so) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!so.call() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(so.call()).isTrue();
  }

  private SpoolUpkeep upkeep(Duration later, Duration told, Duration dead) {
    return new SpoolUpkeep(
        journal,
        recordings,
        new SpoolRequests(spool),
        new SpoolUpkeep.Keep(told, dead),
        Clock.fixed(CAPTURED.plus(later), ZoneOffset.UTC));
  }

  /** Looks once, so long after the recording was captured; everything is on the disk then. */
  private void removeOld(Duration later, Duration told, Duration dead) throws Exception {
    try (SpoolUpkeep upkeep = upkeep(later, told, dead)) {
      upkeep.removeOld();
    }
    for (Manifest known : journal.all()) {
      await(journal.hasFile(known.recordingId(), spool));
    }
    awaitTrue(() -> journal.stepsUnderWay() == 0);
  }

  private static StoredRecording there(String store) {
    return new StoredRecording(URI.create("https://" + store + "/r1.mp3"), 10);
  }

  /** A captured recording for two stores, of which this is known. */
  private Path recording(UnaryOperator<Manifest> known) throws Exception {
    Map<String, Delivery> both = new LinkedHashMap<>();
    both.put(STORE, Delivery.pending("k.mp3"));
    both.put(FALLBACK, Delivery.pending("k.mp3"));
    Manifest manifest = Captures.manifest("r1", both, Optional.empty(), Map.of());
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    await(journal.change("r1", before -> known.apply(before.captured(captured, CAPTURED))));
    return spool.resolve("r1");
  }

  private static Manifest settled(Manifest known, String store) {
    return known.stored(store, there(store)).settled(store);
  }

  private static Manifest told(Manifest known, Place place) {
    return known
        .announcing(new Announcement(place, Optional.of(URI.create("file:/r1.mp3")), 10, CAPTURED))
        .announced();
  }

  @Test
  void keepTold_spoolsCopyWasTold_staysSoLongAndNoLonger() throws Exception {
    Path directory =
        recording(known -> told(settled(settled(known, STORE), FALLBACK), Place.SPOOL));
    removeOld(KEPT.minus(MOMENT), KEPT, Duration.ZERO);
    assertThat(directory.resolve("audio.mp3")).exists();
    removeOld(Duration.ofDays(10_000), Duration.ZERO, Duration.ZERO);
    assertThat(directory.resolve("audio.mp3")).as("zero is for ever").exists();
    removeOld(KEPT.plus(MOMENT), KEPT, Duration.ZERO);
    assertThat(directory).doesNotExist();
    assertThat(journal.known("r1")).isEmpty();
  }

  @Test
  void keepTold_aStoreHasNotGotIt_stays() throws Exception {
    Path directory = recording(known -> told(settled(known, FALLBACK), Place.SPOOL));
    removeOld(KEPT.plus(MOMENT), KEPT, KEPT);
    assertThat(directory.resolve("audio.mp3")).exists();
  }

  @Test
  void keepTold_clientIsNotKnownToHaveBeenTold_stays() throws Exception {
    Path directory =
        recording(
            known ->
                settled(settled(known, STORE), FALLBACK)
                    .announcing(
                        new Announcement(
                            Place.SPOOL, Optional.of(URI.create("file:/r1")), 10, CAPTURED)));
    removeOld(KEPT.plus(MOMENT), KEPT, KEPT);
    assertThat(directory.resolve("audio.mp3")).exists();
  }

  @Test
  void keepDead_oneStoreDoesNotTakeIt_staysSoLongAndNoLonger() throws Exception {
    Path directory =
        recording(known -> told(settled(known, FALLBACK).dead(STORE, "no"), Place.STORE));
    removeOld(DEAD_KEPT.minus(MOMENT), KEPT, DEAD_KEPT);
    assertThat(directory.resolve("audio.mp3")).exists();
    removeOld(Duration.ofDays(10_000), KEPT, Duration.ZERO);
    assertThat(directory.resolve("audio.mp3")).as("zero is for ever").exists();
    removeOld(DEAD_KEPT.plus(MOMENT), KEPT, DEAD_KEPT);
    assertThat(directory).doesNotExist();
  }

  @Test
  void keepDead_anotherStoreIsStillAsked_stays() throws Exception {
    Path directory = recording(known -> told(known.dead(STORE, "no"), Place.SPOOL));
    removeOld(DEAD_KEPT.plus(MOMENT), KEPT, DEAD_KEPT);
    assertThat(directory.resolve("audio.mp3")).exists();
  }

  @Test
  void keepDead_clientIsNotKnownToHaveBeenTold_stays() throws Exception {
    Path directory = recording(known -> known.dead(STORE, "no").dead(FALLBACK, "no"));
    removeOld(DEAD_KEPT.plus(MOMENT), KEPT, DEAD_KEPT);
    assertThat(directory.resolve("audio.mp3")).exists();
  }

  @Test
  void removeOld_beingCaptured_stays() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    removeOld(Duration.ofDays(10_000), MOMENT, MOMENT);
    assertThat(spool.resolve("r1")).exists();
  }

  @Test
  void request_deadRecording_isDeliveredAndForgotten() throws Exception {
    Path directory =
        recording(known -> told(settled(known, FALLBACK).dead(STORE, "no"), Place.STORE));
    new SpoolRequests(spool).redeliver("r1");
    new SpoolRequests(spool).redeliver("unknown");
    try (SpoolUpkeep upkeep = upkeep(MOMENT, Duration.ZERO, Duration.ZERO)) {
      upkeep.start();
      awaitTrue(() -> !Files.exists(directory));
      assertThat(first.keys).containsExactly("k.mp3");
      assertThat(second.attempts).hasValue(0);
      assertThat(new SpoolRequests(spool).taken()).isEmpty();
    }
  }

  @Test
  void request_askedForWhileRunning_isDoneWithinSeconds() throws Exception {
    Path directory =
        recording(known -> told(settled(known, STORE).dead(FALLBACK, "no"), Place.STORE));
    try (SpoolUpkeep upkeep = upkeep(MOMENT, Duration.ZERO, Duration.ZERO)) {
      upkeep.start();
      new SpoolRequests(spool).redeliver("r1");
      awaitTrue(() -> !Files.exists(directory));
      assertThat(second.keys).containsExactly("k.mp3");
    }
  }

  @Test
  void requests_somethingElseLiesAmongThem_doesNotHideTheOthers() throws Exception {
    Files.createDirectories(spool.resolve(".requests/a-directory/with something"));
    new SpoolRequests(spool).redeliver("r1");
    new SpoolRequests(spool).redeliver("r2");
    assertThat(new SpoolRequests(spool).taken()).containsExactlyInAnyOrder("r1", "r2");
    assertThat(new SpoolRequests(spool).taken()).isEmpty();
  }
}
