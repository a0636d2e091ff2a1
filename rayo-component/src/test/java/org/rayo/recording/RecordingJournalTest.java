package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rayo.recording.Captures.STORE;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.CapturedRecording;
import org.rayo.recording.Manifest.Announcement;
import org.rayo.recording.Manifest.Place;
import org.rayo.recording.Manifest.State;
import org.rayo.storage.StoredRecording;

/** What is on the disk after each step. */
class RecordingJournalTest {

  private static final Instant AT = Instant.EPOCH;
  private static final StoredRecording THERE = new StoredRecording(URI.create("file:/x"), 10);

  @TempDir Path directory;
  private Path spool;
  private RecordingJournal journal;

  @BeforeEach
  void open() throws JournalException {
    spool = directory.resolve("deep/spool");
    journal = new RecordingJournal(spool, SpoolRoom.anything());
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static Announcement told(Place place) {
    return new Announcement(place, Optional.of(URI.create("file:/x")), 10, AT);
  }

  @Test
  void begin_done_manifestIsWhatTheNextRunReads() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    assertThat(journal.leftOver()).containsExactly(manifest);
    assertThat(journal.audio(manifest)).isEqualTo(spool.resolve("r1/audio.mp3"));
    assertThat(journal.audio(manifest).getParent()).isDirectory();
  }

  @Test
  void begin_twice_fails() throws Exception {
    await(journal.begin(Captures.manifest("r1"), Captures.request()));
    assertThatThrownBy(() -> await(journal.begin(Captures.manifest("r1"), Captures.request())))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(JournalException.class);
  }

  @Test
  void steps_eachReplacesTheManifestWhole() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    Manifest noted = await(journal.change("r1", known -> known.captured(captured, AT)));
    assertThat(noted.state()).isEqualTo(State.CAPTURED);
    assertThat(journal.leftOver()).containsExactly(noted);
    Manifest stored = await(journal.change("r1", known -> known.stored(STORE, THERE)));
    assertThat(stored.delivery(STORE).stored()).contains(THERE);
    assertThat(journal.leftOver()).containsExactly(stored);
    await(journal.tidy("r1"));
    assertThat(journal.audio(manifest)).as("while its news are not out").exists();
    await(journal.change("r1", known -> known.settled(STORE).announcing(told(Place.STORE))));
    await(journal.tidy("r1"));
    assertThat(journal.audio(manifest)).doesNotExist();
    try (var files = Files.list(spool.resolve("r1"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("manifest.json", "reserve");
    }
  }

  @Test
  void tidy_copyInTheSpoolWasTold_stays() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    await(
        journal.change(
            "r1",
            known ->
                known
                    .captured(captured, AT)
                    .announcing(told(Place.SPOOL))
                    .announced()
                    .stored(STORE, THERE)
                    .settled(STORE)));
    await(journal.tidy("r1"));
    assertThat(journal.audio(manifest)).exists();
    assertThat(journal.leftOver()).hasSize(1);
  }

  @Test
  void tidy_toldAndSettled_isForgotten_butNotWhatAStoreDoesNotTake() throws Exception {
    for (String id : List.of("taken", "dead", "pending")) {
      Manifest manifest = Captures.manifest(id);
      await(journal.begin(manifest, Captures.request()));
      CapturedRecording captured = Captures.captured(id, journal.audio(manifest));
      await(
          journal.change(
              id, known -> known.captured(captured, AT).announcing(told(Place.STORE)).announced()));
    }
    await(journal.change("taken", known -> known.stored(STORE, THERE).settled(STORE)));
    await(journal.change("dead", known -> known.dead(STORE, "REFUSED: too loud")));
    for (String id : List.of("taken", "dead", "pending")) {
      await(journal.tidy(id));
    }
    assertThat(journal.leftOver())
        .extracting(Manifest::recordingId)
        .containsExactlyInAnyOrder("dead", "pending");
    assertThat(spool.resolve("dead/audio.mp3")).exists();
  }

  @Test
  void change_manyAtOnce_theDiskHasTheLastOfThem() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    List<CompletableFuture<?>> steps = new ArrayList<>();
    steps.add(journal.change("r1", known -> known.captured(captured, AT)).toCompletableFuture());
    steps.add(journal.change("r1", known -> known.stored(STORE, THERE)).toCompletableFuture());
    steps.add(
        journal.change("r1", known -> known.announcing(told(Place.STORE))).toCompletableFuture());
    Manifest known = journal.known("r1").orElseThrow();
    await(CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new)));
    assertThat(journal.leftOver()).containsExactly(known);
    assertThat(known.announcement()).isPresent();
    assertThat(known.delivery(STORE).stored()).contains(THERE);
  }

  @Test
  void change_notHeld_fails() {
    assertThatThrownBy(() -> await(journal.change("r9", known -> known)))
        .hasCauseInstanceOf(JournalException.class);
  }

  @Test
  void open_aSecondTime_isRefusedUntilTheFirstIsClosed() throws Exception {
    assertThatThrownBy(() -> new RecordingJournal(spool, SpoolRoom.anything()))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining(spool.toString())
        .hasMessageContaining("another server");
    journal.close();
    new RecordingJournal(spool, SpoolRoom.anything()).close();
  }

  @Test
  void captured_cannotBeWritten_oldManifestStays() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    // A directory in the way of the new manifest.
    Files.createDirectory(spool.resolve("r1/manifest.json.next"));
    assertThatThrownBy(() -> await(journal.change("r1", known -> known.captured(captured, AT))))
        .hasCauseInstanceOf(JournalException.class);
    assertThat(journal.leftOver()).containsExactly(manifest);
    Files.delete(spool.resolve("r1/manifest.json.next"));
    Manifest both = await(journal.change("r1", known -> known.announcing(told(Place.SPOOL))));
    assertThat(both.captured()).as("what could not be written before").isPresent();
    assertThat(journal.leftOver()).containsExactly(both);
  }

  @Test
  void leftOver_manifestWithFieldsThatNobodyKnows_isRead() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    Manifest noted = await(journal.change("r1", known -> known.captured(captured, AT)));
    Path file = spool.resolve("r1/manifest.json");
    String written = Files.readString(file);
    String older = written.replace("\"sizeBytes\"", "\"sha256\" : \"00\", \"sizeBytes\"");
    assertThat(older).isNotEqualTo(written);
    Files.writeString(file, older);
    assertThat(journal.leftOver()).containsExactly(noted);
  }

  @Test
  void leftOver_directoryThatACrashHasEmptied_isRemoved() throws Exception {
    Files.createDirectory(spool.resolve("r0"));
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    assertThat(journal.leftOver()).containsExactly(manifest);
    assertThat(spool.resolve("r0")).doesNotExist();
  }

  @Test
  void forget_whateverLiesThere_removesAll() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    Captures.captured("r1", journal.audio(manifest));
    Files.writeString(spool.resolve("r1/manifest.json.next"), "torn");
    await(journal.forget("r1"));
    assertThat(spool.resolve("r1")).doesNotExist();
    await(journal.forget("r1"));
    assertThat(journal.leftOver()).isEmpty();
    assertThat(journal.stepsUnderWay()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[]",
        "{\"recordingId\":\"torn",
        "\u0000\u0001\u0002",
        "{\"recordingId\":null}",
        "{\"recordingId\":\"../../etc\"}"
      })
  void leftOver_tornOrGarbageManifest_isLeftAndTheOthersAreRead(String content) throws Exception {
    Manifest good = Captures.manifest("good");
    await(journal.begin(good, Captures.request()));
    Files.createDirectory(spool.resolve("torn"));
    Files.writeString(spool.resolve("torn/manifest.json"), content);
    Files.createDirectory(spool.resolve("empty"));
    Files.writeString(spool.resolve("a-file"), "not a directory");
    assertThat(journal.leftOver()).containsExactly(good);
    assertThat(spool.resolve("torn/manifest.json")).exists();
  }

  @Test
  void leftOver_everyTruncationOfAManifest_isSurvived() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    Path file = spool.resolve("r1/manifest.json");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(journal.leftOver()).isEmpty();
    }
  }

  @Test
  void leftOver_manifestOfAnotherDirectory_isNotBelieved() throws Exception {
    await(journal.begin(Captures.manifest("r1"), Captures.request()));
    Files.move(spool.resolve("r1"), spool.resolve("r2"));
    assertThat(journal.leftOver()).isEmpty();
  }

  @Test
  void open_spoolIsAFile_fails() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> new RecordingJournal(file, SpoolRoom.anything()))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void step_afterClose_fails() {
    journal.close();
    assertThatThrownBy(() -> await(journal.begin(Captures.manifest("r1"), Captures.request())))
        .hasCauseInstanceOf(JournalException.class);
  }

  @Test
  void steps_ofOneRecording_keepTheirOrder() throws Exception {
    for (int i = 0; i < 50; i++) {
      Manifest manifest = Captures.manifest("r" + i);
      CompletableFuture<?> first =
          journal.begin(manifest, Captures.request()).toCompletableFuture();
      CapturedRecording facts =
          Captures.facts("r" + i, journal.audio(manifest), CapturedRecording.Cause.HANGUP);
      String id = manifest.recordingId();
      CompletableFuture<?> second =
          journal.change(id, known -> known.captured(facts, AT)).toCompletableFuture();
      CompletableFuture<?> last = journal.forget(id).toCompletableFuture();
      await(CompletableFuture.allOf(first, second, last));
    }
    assertThat(journal.leftOver()).isEmpty();
  }

  @Test
  void begin_manyRecordings_isFastEnough() throws Exception {
    measure("warm-up", 20, 1);
    long[] alone = measure("alone", 100, 1);
    long[] together = measure("together", 300, 64);
    assertThat(together).hasSize(300);
    assertThat(alone).hasSize(100);
  }

  /** Begins recordings, so many at once, and prints how long each took. */
  private long[] measure(String name, int count, int parallel) throws Exception {
    Semaphore room = new Semaphore(parallel);
    List<CompletableFuture<Long>> begun = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      room.acquire();
      long asked = System.nanoTime();
      begun.add(
          journal
              .begin(Captures.manifest(name + i), Captures.request())
              .whenComplete((done, failure) -> room.release())
              .thenApply(done -> System.nanoTime() - asked)
              .toCompletableFuture());
    }
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      nanos[i] = begun.get(i).get(20, TimeUnit.SECONDS);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(nanos);
    System.out.printf(
        "journal, %d at once: %.0f begun per second, p50 %.2f ms, p99 %.2f ms, longest %.2f ms%n",
        parallel,
        count / seconds,
        nanos[count / 2] / 1e6,
        nanos[count * 99 / 100] / 1e6,
        nanos[count - 1] / 1e6);
    return nanos;
  }

  @Test
  void leftOver_capturedFacts_areReadBack() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording facts =
        Captures.facts("r1", journal.audio(manifest), CapturedRecording.Cause.ERROR);
    await(journal.change("r1", known -> known.captured(facts, AT)));
    assertThat(journal.leftOver().get(0).captured().flatMap(Manifest.Captured::failure))
        .contains("the disk is full");
  }

  @Test
  void leftOver_directoryOfSomethingElse_isLeftAlone() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    Path notices = Files.createDirectory(spool.resolve(".notices"));

    assertThat(journal.leftOver()).containsExactly(manifest);
    assertThat(notices).exists();
  }
}
