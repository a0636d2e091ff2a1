package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
import org.rayo.recording.Manifest.State;
import org.rayo.recording.Recordings.Finished;
import org.rayo.storage.StorageException.Fault;

/** A run that ended after any step, and the run after it. */
class RecoveryStepsTest {

  @TempDir Path spool;
  private final Manifest manifest = Captures.manifest("r1");
  private FakeStore store;
  private RecordingJournal journal;
  private RecordingDelivery delivery;
  private JournalledRecordings recordings;

  @BeforeEach
  void open() throws Exception {
    store = new FakeStore();
    journal = new RecordingJournal(spool, SpoolRoom.anything());
    delivery =
        new RecordingDelivery(
            store,
            new RecordingDelivery.Settings(
                2, Duration.ofMillis(200), Duration.ofMillis(10), Duration.ofMillis(50)));
    recordings = new JournalledRecordings(journal, delivery);
  }

  @AfterEach
  void close() {
    // First, so that what hangs in the store ends without having stored anything.
    delivery.close();
    store.gate.countDown();
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
    await(journal.hasFile(manifest, spool));
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
  void capturing_noFileYet_isAnEmptyRecording() throws Exception {
    await(journal.begin(manifest, Captures.request()));
    close();
    open();
    store.faults.add(Fault.REFUSED);
    Finished finished = await(recordings.recover(journal.leftOver().get(0))).orElseThrow();
    assertThat(finished.captured().samples()).isZero();
    assertThat(finished.captured().sizeBytes()).isEqualTo(Files.size(journal.audio(manifest)));
    assertThat(finished.uri()).isPresent();
  }

  @Test
  void captured_isDeliveredWithItsOwnReason() throws Exception {
    CapturedRecording captured = capture();
    await(journal.captured(manifest, captured));
    Finished finished = restart().orElseThrow();
    assertThat(finished.captured()).isEqualTo(captured);
    assertThat(finished.inStore()).isTrue();
    announce(finished);
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void stored_isAnnouncedAsItWasGoingToBe() throws Exception {
    Finished first = await(recordings.finish(manifest, capture()));
    Finished second = restart().orElseThrow();
    assertThat(second).isEqualTo(first);
    assertThat(store.attempts).hasValue(0);
    announce(second);
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void copyInTheSpoolGivenOut_isAnnouncedAgainAndStoredMeanwhile() throws Exception {
    store.gate = new CountDownLatch(1);
    Finished first = await(recordings.finish(manifest, capture()));
    assertThat(first.inStore()).isFalse();
    Finished second = restart().orElseThrow();
    assertThat(second).isEqualTo(first);
    announce(second);
    for (int i = 0; i < 1000 && journal.leftOver().get(0).storedAt().isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(journal.leftOver().get(0).state()).isEqualTo(State.STORED);
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
    assertThat(second).isEqualTo(first);
    assertThat(store.attempts).hasValue(0);
    announce(second);
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void fileLost_isToldOfAgain() throws Exception {
    CapturedRecording captured = capture();
    Files.delete(captured.file());
    Finished first = await(recordings.finish(manifest, captured));
    assertThat(first.uri()).isEmpty();
    Finished second = restart().orElseThrow();
    assertThat(second).isEqualTo(first);
    announce(second);
    assertThat(spool).isEmptyDirectory();
  }
}
