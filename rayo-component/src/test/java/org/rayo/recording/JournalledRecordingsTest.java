package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rayo.recording.Captures.FALLBACK;
import static org.rayo.recording.Captures.STORE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaException;
import org.rayo.media.MediaRecording;
import org.rayo.recording.Manifest.Delivery;
import org.rayo.recording.Manifest.Delivery.Status;
import org.rayo.recording.Manifest.Place;
import org.rayo.recording.Manifest.State;
import org.rayo.recording.Recordings.Finished;
import org.rayo.storage.StorageException.Fault;

/** The life of a recording on a real disk with a store that gives trouble. */
class JournalledRecordingsTest {

  /** Longer than any disk takes that does not hang. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** For a disk that hangs. */
  private static final Duration LITTLE_PATIENCE = Duration.ofMillis(300);

  @TempDir Path spool;
  private final FakeStore store = new FakeStore();
  private final FakeStore fallback = new FakeStore("https://fallback.example.org/");
  private final FakeNews news = new FakeNews();
  private final Repairs repairs = new Repairs(Duration.ofMillis(10), Duration.ofMillis(50));
  private final ExecutorService disk = Executors.newSingleThreadExecutor();
  private final Manifest manifest = Captures.manifest("r1");
  private RecordingJournal journal;
  private RecordingDelivery delivery;
  private JournalledRecordings recordings;

  @BeforeEach
  void open() throws Exception {
    journal = new RecordingJournal(spool, SpoolRoom.anything(), new SpoolWriters(disk));
    delivery =
        new RecordingDelivery(
            Map.of(STORE, store, FALLBACK, fallback),
            new RecordingDelivery.Settings(
                2, Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofHours(1)),
            SpoolSealing.NONE,
            news);
    recordings = recordings(PATIENCE);
  }

  private JournalledRecordings recordings(Duration patienceWithTheDisk) {
    return new JournalledRecordings(
        journal,
        delivery,
        repairs,
        news,
        new JournalledRecordings.Patience(
            patienceWithTheDisk,
            patienceWithTheDisk,
            Duration.ofMillis(500),
            Duration.ofMillis(500)));
  }

  @AfterEach
  void close() {
    store.gate.countDown();
    fallback.gate.countDown();
    delivery.close();
    repairs.close();
    journal.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** Blocks the disk's only thread until the latch is released. */
  private CountDownLatch hangingDisk() {
    CountDownLatch release = new CountDownLatch(1);
    disk.execute(
        () -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return release;
  }

  /** Returns once the disk has done everything it was asked before. */
  private void settle() throws Exception {
    for (int i = 0; i < 10; i++) {
      disk.submit(() -> {}).get(10, TimeUnit.SECONDS);
    }
  }

  private static MediaRecording running() {
    return new MediaRecording() {
      @Override
      public CompletionStage<Void> pause() {
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public CompletionStage<Void> resume() {
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public CompletionStage<Void> stop() {
        return CompletableFuture.completedFuture(null);
      }
    };
  }

  private CapturedRecording begunAndCaptured() throws Exception {
    // With all the patience there is: how it begins is not what is tried here.
    await(
        recordings(Duration.ofMinutes(1))
            .begin(
                manifest,
                Captures.request(),
                target -> {
                  assertThat(spool.resolve("r1/manifest.json")).exists();
                  assertThat(target.file().getParent()).isDirectory();
                  return CompletableFuture.completedFuture(running());
                }));
    return Captures.captured("r1", journal.audio(manifest));
  }

  @Test
  void life_storedAndAnnounced_leavesNothingInTheSpool() throws Exception {
    Finished finished = await(recordings.finish(manifest, begunAndCaptured()));
    assertThat(finished.told().place()).isEqualTo(Place.STORE);
    assertThat(finished.uri().orElseThrow())
        .hasToString("https://store.example.org/2026/01/01/r1.mp3");
    assertThat(journal.leftOver()).extracting(Manifest::state).containsExactly(State.CAPTURED);
    recordings.announced(finished);
    awaitNothingLeft();
    assertThat(news.heard)
        .containsExactlyInAnyOrder("started r1", "finished r1", "stored r1 in first");
  }

  @Test
  void begin_diskHangs_failsInTimeAndLeavesNothingWhenItAnswers() throws Exception {
    CountDownLatch release = hangingDisk();
    recordings = recordings(LITTLE_PATIENCE);
    AtomicBoolean captureAsked = new AtomicBoolean();
    CompletableFuture<MediaRecording> begun =
        recordings
            .begin(
                manifest,
                Captures.request(),
                target -> {
                  captureAsked.set(true);
                  return CompletableFuture.completedFuture(running());
                })
            .toCompletableFuture();
    assertThatThrownBy(() -> begun.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(TimeoutException.class);
    release.countDown();
    settle();
    assertThat(captureAsked).isFalse();
    awaitNothingLeft();
  }

  @Test
  void begin_captureFails_journalForgets() throws Exception {
    MediaException refused = new MediaException(MediaException.Fault.WRONG_STATE, "no media");
    assertThatThrownBy(
            () ->
                await(
                    recordings.begin(
                        manifest,
                        Captures.request(),
                        target -> CompletableFuture.failedFuture(refused))))
        .hasCause(refused);
    awaitNothingLeft();
  }

  @Test
  void begin_nameTaken_isAJournalExceptionAndCaptureIsNotAsked() throws Exception {
    Files.createDirectory(spool.resolve("r1"));
    AtomicBoolean captureAsked = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                await(
                    recordings.begin(
                        manifest,
                        Captures.request(),
                        target -> {
                          captureAsked.set(true);
                          return CompletableFuture.completedFuture(running());
                        })))
        .hasCauseInstanceOf(JournalException.class);
    assertThat(captureAsked).isFalse();
  }

  @Test
  void finish_fileMissing_isAnErrorWhateverTheCauseWas() throws Exception {
    CapturedRecording gone = Captures.facts("r1", spool.resolve("none"), Cause.HANGUP);
    await(recordings.begin(manifest, Captures.request(), target -> completed()));
    Finished finished = await(recordings.finish(manifest, gone));
    assertThat(finished.uri()).isEmpty();
    assertThat(finished.captured().cause()).isEqualTo(Cause.ERROR);
    assertThat(finished.captured().failure()).isPresent();
    CapturedRecording failed = Captures.facts("r1", spool.resolve("none"), Cause.ERROR);
    assertThat(await(recordings.finish(manifest, failed)).captured().failure())
        .contains("the disk is full");
  }

  @Test
  void finish_diskHangs_completesWithTheStoresUriAllTheSame() throws Exception {
    CapturedRecording captured = begunAndCaptured();
    CountDownLatch release = hangingDisk();
    recordings = recordings(LITTLE_PATIENCE);
    Finished finished = await(recordings.finish(manifest, captured));
    assertThat(finished.told().place()).isEqualTo(Place.STORE);
    release.countDown();
    settle();
    // What was written too late is nevertheless what a run after this one must know.
    Manifest noted = journal.leftOver().get(0);
    assertThat(noted.delivery(STORE).stored()).isPresent();
    assertThat(noted.captured()).isPresent();
    assertThat(noted.announcement()).contains(finished.told());
  }

  @Test
  void finish_storeHangs_completesWithTheSpoolsCopyAndNotesLateSuccess() throws Exception {
    store.gate = new CountDownLatch(1);
    CapturedRecording captured = begunAndCaptured();
    Finished finished = await(recordings.finish(manifest, captured));
    assertThat(finished.uri()).isEqualTo(Optional.of(captured.file().toUri()));
    recordings.announced(finished);
    store.gate.countDown();
    Manifest noted = awaitKnown("r1", known -> known.isSettled());
    assertThat(noted.delivery(STORE).stored().orElseThrow().uri())
        .hasToString("https://store.example.org/2026/01/01/r1.mp3");
    assertThat(captured.file()).exists();
  }

  @Test
  void finish_storeLate_theOtherTakesOverAndTheFirstGetsItInTheEnd() throws Exception {
    Manifest safe = Captures.withFallback("r1");
    await(recordings.begin(safe, Captures.request(), target -> completed()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(safe));
    store.gate = new CountDownLatch(1);
    Finished finished = await(recordings.finish(safe, captured));
    assertThat(finished.told().place()).isEqualTo(Place.STORE);
    assertThat(finished.uri().orElseThrow())
        .hasToString("https://fallback.example.org/2026/01/01/r1.mp3");
    recordings.announced(finished);
    store.gate.countDown();
    awaitNothingLeft();
    assertThat(news.heard).contains("stored r1 in first", "stored r1 in second");
  }

  @Test
  void finish_storeIsInTime_theOtherIsNotAsked() throws Exception {
    Manifest safe = Captures.withFallback("r1");
    await(recordings.begin(safe, Captures.request(), target -> completed()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(safe));
    recordings.announced(await(recordings.finish(safe, captured)));
    awaitNothingLeft();
    assertThat(fallback.attempts).hasValue(0);
  }

  @Test
  void finish_severalStores_clientIsToldOfTheFirstAndAllGetIt() throws Exception {
    Map<String, Delivery> both = new LinkedHashMap<>();
    both.put(FALLBACK, Delivery.pending("a.mp3"));
    both.put(STORE, Delivery.pending("b.mp3"));
    Manifest manifest = Captures.manifest("r1", both, Optional.empty(), Map.of());
    await(recordings.begin(manifest, Captures.request(), target -> completed()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    fallback.faults.add(Fault.UNAVAILABLE);
    Finished finished = await(recordings.finish(manifest, captured));
    assertThat(finished.uri().orElseThrow()).hasToString("https://fallback.example.org/a.mp3");
    recordings.announced(finished);
    awaitNothingLeft();
    assertThat(store.attempts).hasValue(1);
  }

  @Test
  void finish_noStoreTakesIt_spoolKeepsItUntilAPersonHasThemAskedAgain() throws Exception {
    Manifest safe = Captures.withFallback("r1");
    await(recordings.begin(safe, Captures.request(), target -> completed()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(safe));
    store.faults.add(Fault.REFUSED);
    fallback.faults.add(Fault.REFUSED);
    Finished finished = await(recordings.finish(safe, captured));
    assertThat(finished.told().place()).isEqualTo(Place.SPOOL);
    recordings.announced(finished);
    Manifest dead = awaitKnown("r1", known -> known.state() == State.ANNOUNCED);
    assertThat(dead.stores(Status.DEAD)).containsExactly(STORE, FALLBACK);
    assertThat(dead.delivery(STORE).problem().orElseThrow()).contains("REFUSED");
    assertThat(news.heard).contains("failed r1 in first", "failed r1 in second");
    assertThat(recordings.redeliver("r1")).isEqualTo(2);
    awaitKnown("r1", Manifest::isSettled);
    assertThat(captured.file()).as("its uri was told").exists();
    assertThat(recordings.redeliver("r1")).isZero();
    assertThat(recordings.redeliver("r2")).isZero();
  }

  @Test
  void finish_newsFail_areToldAgainAndTheSpoolWaits() throws Exception {
    news.failures.set(3);
    Finished finished = await(recordings.finish(manifest, begunAndCaptured()));
    recordings.announced(finished);
    awaitNothingLeft();
    assertThat(news.heard).contains("stored r1 in first");
    assertThat(store.attempts).as("uploads").hasValue(1);
  }

  @Test
  void finish_sidecar_liesBesideTheRecording() throws Exception {
    news.sidecar = true;
    Finished finished = await(recordings.finish(manifest, begunAndCaptured()));
    recordings.announced(finished);
    awaitNothingLeft();
    assertThat(store.keys).containsExactly("2026/01/01/r1.mp3", "2026/01/01/r1.mp3.json");
  }

  /** Of ten zeros; the figure is sha256sum's. */
  @Test
  void finish_news_knowTheChecksum() throws Exception {
    await(recordings.finish(manifest, begunAndCaptured()));
    awaitKnown("r1", Manifest::isSettled);
    assertThat(news.checksums)
        .containsExactly("01d448afd928065458cf670b60f5a594d735af0172c8d67f22a81680132681ca");
  }

  @Test
  void finish_fileUnreadable_spoolsCopyIsTold_andIsKept() throws Exception {
    store.faults.add(Fault.SOURCE);
    Finished finished = await(recordings.finish(manifest, begunAndCaptured()));
    assertThat(finished.told().place()).isEqualTo(Place.SPOOL);
    recordings.announced(finished);
    assertThat(awaitKnown("r1", known -> known.state() == State.ANNOUNCED).stores(Status.DEAD))
        .containsExactly(STORE);
  }

  /** Waits until this is so. */
  private Manifest awaitKnown(String id, Predicate<Manifest> so) throws Exception {
    for (int i = 0; i < 2000; i++) {
      Optional<Manifest> known = journal.known(id).filter(so);
      if (known.isPresent()) {
        return known.get();
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new AssertionError(id + " is " + journal.known(id));
  }

  private void awaitNothingLeft() throws Exception {
    for (int i = 0; i < 2000 && !(journal.leftOver().isEmpty() && isTidy()); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(spool)
        .isDirectoryNotContaining(path -> !path.getFileName().toString().startsWith("."));
  }

  private boolean isTidy() throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      return files.allMatch(file -> file.getFileName().toString().startsWith("."));
    }
  }

  @Test
  void finish_deliveryClosed_isTheSpoolsCopy() throws Exception {
    CapturedRecording captured = begunAndCaptured();
    delivery.close();
    Finished finished = await(recordings.finish(manifest, captured));
    assertThat(finished.uri()).contains(captured.file().toUri());
    assertThat(finished.told().place()).isEqualTo(Place.SPOOL);
    assertThat(journal.leftOver()).extracting(Manifest::state).isEqualTo(List.of(State.CAPTURED));
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"ERROR"},
      mode = EnumSource.Mode.EXCLUDE)
  void finish_shorterThanItsClientWants_isDiscardedAndLeavesNothing(Cause cause) throws Exception {
    Manifest picky = Captures.manifest("r1", Optional.of(Duration.ofMillis(1001)), Map.of());
    await(recordings.begin(picky, Captures.request(), target -> completed()));
    Files.write(journal.audio(picky), new byte[10]);
    CapturedRecording second = Captures.facts("r1", journal.audio(picky), cause);
    Finished finished = await(recordings.finish(picky, second));
    assertThat(finished.uri()).isEmpty();
    assertThat(finished.captured()).isEqualTo(second);
    assertThat(finished.told().place()).isEqualTo(Place.NOWHERE);
    recordings.announced(finished);
    awaitNothingLeft();
    assertThat(store.attempts).hasValue(0);
  }

  @Test
  void finish_asLongAsItsClientWants_orCutShortByAnError_isKept() throws Exception {
    Manifest picky = Captures.manifest("r1", Optional.of(Duration.ofSeconds(1)), Map.of());
    await(recordings.begin(picky, Captures.request(), target -> completed()));
    CapturedRecording second = Captures.captured("r1", journal.audio(picky));
    assertThat(await(recordings.finish(picky, second)).told().place()).isEqualTo(Place.STORE);

    Manifest failing = Captures.manifest("r2", Optional.of(Duration.ofHours(1)), Map.of());
    await(recordings.begin(failing, Captures.request(), target -> completed()));
    Files.write(journal.audio(failing), new byte[10]);
    CapturedRecording failed = Captures.facts("r2", journal.audio(failing), Cause.ERROR);
    assertThat(await(recordings.finish(failing, failed)).told().place()).isEqualTo(Place.STORE);
  }

  @Test
  void begin_noRoomInTheSpool_saysSoAndCaptureIsNotAsked() throws Exception {
    journal.close();
    journal = new RecordingJournal(spool, new SpoolRoom(1000, Duration.ofHours(3), path -> 999));
    recordings = recordings(PATIENCE);
    AtomicBoolean captureAsked = new AtomicBoolean();
    CompletableFuture<MediaRecording> begun =
        recordings
            .begin(
                manifest,
                Captures.request(),
                target -> {
                  captureAsked.set(true);
                  return completed();
                })
            .toCompletableFuture();
    assertThatThrownBy(() -> begun.get(5, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("kept free")
        .extracting(failure -> ((JournalException) failure).fault())
        .isEqualTo(JournalException.Fault.FULL);
    assertThat(captureAsked).isFalse();
    awaitNothingLeft();
  }

  @Test
  void life_metadata_isInTheManifestAndReachesTheStore() throws Exception {
    Map<String, String> meta = Map.of("case", "Müller 7", "x", "");
    Manifest named = Captures.manifest("r1", Optional.of(Duration.ofMillis(5)), meta);
    await(recordings.begin(named, Captures.request(), target -> completed()));
    assertThat(journal.leftOver()).containsExactly(named);
    assertThat(journal.leftOver().get(0).meta()).isEqualTo(meta);
    await(recordings.finish(named, Captures.captured("r1", journal.audio(named))));
    assertThat(store.metadata.poll())
        .containsEntry("meta.case", "Müller 7")
        .containsEntry("meta.x", "")
        .containsEntry("call-id", "call")
        .containsEntry("component-id", "comp")
        .hasSize(4);
  }

  private static CompletionStage<MediaRecording> completed() {
    return CompletableFuture.completedFuture(running());
  }
}
