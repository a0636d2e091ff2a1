package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.recording.Captures.STORE;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.encode.AudioEncoder;
import org.rayo.media.encode.AudioEncoders;
import org.rayo.recording.Manifest.Delivery;
import org.rayo.recording.Manifest.Place;
import org.rayo.recording.Manifest.State;
import org.rayo.recording.Recordings.Finished;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;

/** A run that ended after any step, and the run after it. */
class RecoveryStepsTest {

  @TempDir Path spool;
  private final Manifest manifest = Captures.manifest("r1");
  private FakeStore store;
  private RecordingJournal journal;
  private RecordingDelivery delivery;
  private Repairs repairs;
  private JournalledRecordings recordings;

  @BeforeEach
  void open() throws Exception {
    store = new FakeStore();
    journal = new RecordingJournal(spool, SpoolRoom.anything());
    delivery =
        new RecordingDelivery(
            Map.of(STORE, store),
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
                Duration.ofMillis(200)));
  }

  @AfterEach
  void close() {
    // First, so that what hangs in the store ends without having stored anything.
    delivery.close();
    store.gate.countDown();
    repairs.close();
    journal.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** The next run, and what it makes of the only recording in its spool. */
  private Optional<Finished> restart() throws Exception {
    close();
    open();
    return await(recordings.recover(journal.leftOver().get(0)));
  }

  private CapturedRecording capture() throws Exception {
    await(journal.begin(manifest, Captures.request()));
    return Captures.captured("r1", journal.audio(manifest));
  }

  private void announce(Finished finished) throws Exception {
    recordings.announced(finished);
    await(journal.hasFile("r1", spool));
    await(journal.hasFile("r1", spool));
  }

  @Test
  void capturing_tornFile_isRepairedAndAnError() throws Exception {
    await(journal.begin(manifest, Captures.request()));
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (AudioEncoder encoder =
        AudioEncoders.PORTABLE.open(AudioFormat.MP3, 8000, 1, Encoding.DEFAULT)) {
      encoder.begin(written::write);
      encoder.encode(new short[40_000], 0, 40_000, written::write);
    }
    Path audio = journal.audio(manifest);
    Files.write(audio, Arrays.copyOf(written.toByteArray(), written.size() - 7));
    close();
    open();
    store.faults.add(Fault.REFUSED); // so that the file can be looked at
    Finished finished = await(recordings.recover(journal.leftOver().get(0))).orElseThrow();
    CapturedRecording captured = finished.captured();
    assertThat(captured.cause()).isEqualTo(Cause.ERROR);
    assertThat(captured.failure()).contains("recovered after a restart");
    assertThat(captured.samples()).isBetween(40_000L - 5 * 576, 40_000L);
    assertThat(captured.sizeBytes()).isEqualTo(Files.size(audio));
    assertThat(finished.uri()).contains(audio.toUri());
  }

  @Test
  void capturing_noFile_isAnErrorAndNoStoreIsGivenAnything() throws Exception {
    await(journal.begin(manifest, Captures.request()));
    close();
    open();
    Finished finished = await(recordings.recover(journal.leftOver().get(0))).orElseThrow();
    assertThat(finished.captured().cause()).isEqualTo(Cause.ERROR);
    assertThat(finished.uri()).isEmpty();
    assertThat(store.attempts).hasValue(0);
    announce(finished);
    awaitNothingLeft();
  }

  @Test
  void captured_isDeliveredWithItsOwnReason() throws Exception {
    CapturedRecording captured = capture();
    await(journal.change("r1", known -> known.captured(captured, Instant.EPOCH)));
    Finished finished = restart().orElseThrow();
    assertThat(finished.captured()).isEqualTo(captured);
    assertThat(finished.told().place()).isEqualTo(Place.STORE);
    announce(finished);
    awaitNothingLeft();
  }

  @Test
  void stored_isAnnouncedAsItWasGoingToBe() throws Exception {
    Finished first = await(recordings.finish(manifest, capture()));
    awaitKnown(Manifest::isSettled);
    Finished second = restart().orElseThrow();
    assertSame(second, first);
    assertThat(store.attempts).hasValue(0);
    announce(second);
    awaitNothingLeft();
  }

  @Test
  void storedButItsNewsAreNotOut_areToldAgainAndNothingIsStoredTwice() throws Exception {
    CapturedRecording captured = capture();
    StoredRecording there = new StoredRecording(URI.create("https://x/r1.mp3"), 10);
    await(
        journal.change(
            "r1", known -> known.captured(captured, Instant.EPOCH).stored(STORE, there)));
    Finished finished = restart().orElseThrow();
    assertThat(finished.uri()).contains(there.uri());
    awaitKnown(Manifest::isSettled);
    assertThat(store.attempts).hasValue(0);
    announce(finished);
    awaitNothingLeft();
  }

  @Test
  void storeIsNotConfiguredAnyMore_isADeadLetter() throws Exception {
    Manifest old =
        Captures.manifest(
            "r1", Map.of("gone", Delivery.pending("k.mp3")), Optional.empty(), Map.of());
    await(journal.begin(old, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(old));
    await(journal.change("r1", known -> known.captured(captured, Instant.EPOCH)));
    Finished finished = restart().orElseThrow();
    assertThat(finished.told().place()).isEqualTo(Place.SPOOL);
    assertThat(awaitKnown(known -> true).delivery("gone").problem().orElseThrow()).contains("gone");
  }

  /** The same for a client, whatever has become of the stores meanwhile. */
  private static void assertSame(Finished second, Finished first) {
    assertThat(second.captured()).isEqualTo(first.captured());
    assertThat(second.told()).isEqualTo(first.told());
  }

  private Manifest awaitKnown(Predicate<Manifest> so) throws Exception {
    for (int i = 0; i < 2000; i++) {
      Optional<Manifest> known = journal.known("r1").filter(so);
      if (known.isPresent()) {
        return known.get();
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new AssertionError("it is " + journal.known("r1"));
  }

  private void awaitNothingLeft() throws Exception {
    for (int i = 0; i < 2000 && Files.exists(spool.resolve("r1")); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(spool.resolve("r1")).doesNotExist();
  }

  @Test
  void copyInTheSpoolGivenOut_isAnnouncedAgainAndStoredMeanwhile() throws Exception {
    store.gate = new CountDownLatch(1);
    Finished first = await(recordings.finish(manifest, capture()));
    assertThat(first.told().place()).isEqualTo(Place.SPOOL);
    Finished second = restart().orElseThrow();
    assertSame(second, first);
    announce(second);
    awaitKnown(known -> known.isSettled() && known.state() == State.ANNOUNCED);
    await(journal.change("r1", known -> known));
    assertThat(first.captured().file()).exists();
    assertThat(restart()).as("what is left to tell").isEmpty();
    assertThat(store.attempts).hasValue(0);
    assertThat(first.captured().file()).exists();
  }

  @Test
  void tooShort_isToldOfAgainAndNotStored() throws Exception {
    Manifest picky = Captures.manifest("r1", Optional.of(Duration.ofSeconds(2)));
    await(journal.begin(picky, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(picky));
    Finished first = await(recordings.finish(picky, captured));
    assertThat(first.uri()).isEmpty();
    assertThat(first.captured().cause()).isEqualTo(Cause.STOP);
    Finished second = restart().orElseThrow();
    assertSame(second, first);
    assertThat(store.attempts).hasValue(0);
    announce(second);
    awaitNothingLeft();
  }

  @Test
  void fileLost_isToldOfAgain() throws Exception {
    CapturedRecording captured = capture();
    Files.delete(captured.file());
    Finished first = await(recordings.finish(manifest, captured));
    assertThat(first.uri()).isEmpty();
    Finished second = restart().orElseThrow();
    assertSame(second, first);
    announce(second);
    awaitNothingLeft();
  }
}
