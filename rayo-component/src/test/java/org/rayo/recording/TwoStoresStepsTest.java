package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.recording.Captures.FALLBACK;
import static org.rayo.recording.Captures.STORE;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.CapturedRecording;
import org.rayo.recording.Manifest.Announcement;
import org.rayo.recording.Manifest.Delivery;
import org.rayo.recording.Manifest.Delivery.Status;
import org.rayo.recording.Manifest.Place;
import org.rayo.recording.Recordings.Finished;
import org.rayo.storage.StoredRecording;

/** A run that ended between any two steps of a delivery to two stores, and the run after it. */
class TwoStoresStepsTest {

  private static final String FIRST_KEY = "first/r1.mp3";
  private static final String SECOND_KEY = "second/r1.mp3";
  private static final Instant CAPTURED = Instant.parse("2026-01-01T00:00:01Z");

  @TempDir Path spool;
  private final Manifest manifest = twoStores();
  private FakeStore first;
  private FakeStore second;
  private FakeNews news;
  private RecordingJournal journal;
  private RecordingDelivery delivery;
  private Repairs repairs;
  private JournalledRecordings recordings;

  private static Manifest twoStores() {
    Map<String, Delivery> both = new LinkedHashMap<>();
    both.put(STORE, Delivery.pending(FIRST_KEY));
    both.put(FALLBACK, Delivery.pending(SECOND_KEY));
    return Captures.manifest("r1", both, Optional.empty(), Map.of());
  }

  @BeforeEach
  void open() throws Exception {
    first = new FakeStore("https://first/");
    second = new FakeStore("https://second/");
    news = new FakeNews();
    journal = new RecordingJournal(spool, SpoolRoom.anything());
    delivery =
        new RecordingDelivery(
            Map.of(STORE, first, FALLBACK, second),
            new RecordingDelivery.Settings(
                2, Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofHours(1)),
            SpoolSealing.NONE,
            news);
    repairs = new Repairs(Duration.ofMillis(10), Duration.ofMillis(50));
    recordings =
        new JournalledRecordings(
            journal,
            delivery,
            repairs,
            news,
            new JournalledRecordings.Patience(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)));
  }

  @AfterEach
  void close() {
    delivery.close();
    first.gate.countDown();
    second.gate.countDown();
    repairs.close();
    journal.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Manifest awaitKnown(Predicate<Manifest> so) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      Optional<Manifest> known = journal.known("r1").filter(so);
      if (known.isPresent()) {
        return known.get();
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new AssertionError("it is " + journal.known("r1"));
  }

  private void awaitNothingLeft() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (Files.exists(spool.resolve("r1")) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(spool.resolve("r1")).doesNotExist();
  }

  /** How far the run had come that ended. */
  private enum Step {
    CAPTURED,
    FIRST_STORED,
    FIRST_SETTLED,
    SECOND_STORED,
    BOTH_STORED,
    BOTH_SETTLED
  }

  private static StoredRecording there(String uri) {
    return new StoredRecording(URI.create(uri), 10);
  }

  private static Manifest firstStored(Manifest known) {
    return known.stored(STORE, there("https://first/" + FIRST_KEY));
  }

  private static Manifest secondStored(Manifest known) {
    return known.stored(FALLBACK, there("https://second/" + SECOND_KEY));
  }

  private static Manifest at(Step step, Manifest captured) {
    return switch (step) {
      case CAPTURED -> captured;
      case FIRST_STORED -> firstStored(captured);
      case FIRST_SETTLED -> firstStored(captured).settled(STORE);
      case SECOND_STORED -> secondStored(captured);
      case BOTH_STORED -> secondStored(firstStored(captured));
      case BOTH_SETTLED -> secondStored(firstStored(captured)).settled(STORE).settled(FALLBACK);
    };
  }

  private void endedAt(Step step, boolean decided, boolean told) throws Exception {
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    Manifest known = at(step, manifest.captured(captured, CAPTURED));
    if (decided) {
      known =
          known.announcing(
              new Announcement(
                  Place.STORE,
                  Optional.of(URI.create("https://first/" + FIRST_KEY)),
                  10,
                  CAPTURED));
    }
    Manifest last = told ? known.announced() : known;
    await(journal.change("r1", before -> last));
    close();
    open();
  }

  private static List<String> missing(Manifest left, String store, String key) {
    return left.delivery(store).status() == Status.PENDING ? List.of(key) : List.of();
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void ended_beforeAnythingWasDecided_eachStoreHasItOnceAndTheFirstIsTold(Step step)
      throws Exception {
    endedAt(step, false, false);
    Manifest left = journal.leftOver().get(0);
    Finished finished = await(recordings.recover(left)).orElseThrow();
    assertThat(finished.uri()).contains(URI.create("https://first/" + FIRST_KEY));
    assertThat(finished.told().sizeBytes()).isEqualTo(10);
    awaitKnown(Manifest::isSettled);
    assertThat(first.keys).containsExactlyElementsOf(missing(left, STORE, FIRST_KEY));
    assertThat(second.keys).containsExactlyElementsOf(missing(left, FALLBACK, SECOND_KEY));
    recordings.announced(finished);
    awaitNothingLeft();
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void ended_decidedButPerhapsNotTold_isToldTheSameAndTheRestIsStored(Step step) throws Exception {
    endedAt(step, true, false);
    Manifest left = journal.leftOver().get(0);
    Finished finished = await(recordings.recover(left)).orElseThrow();
    assertThat(Optional.of(finished.told())).isEqualTo(left.announcement());
    recordings.announced(finished);
    awaitNothingLeft();
    assertThat(first.keys).containsExactlyElementsOf(missing(left, STORE, FIRST_KEY));
    assertThat(second.keys).containsExactlyElementsOf(missing(left, FALLBACK, SECOND_KEY));
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void ended_told_nobodyIsToldAgainAndTheRestIsStored(Step step) throws Exception {
    endedAt(step, true, true);
    Manifest left = journal.leftOver().get(0);
    assertThat(await(recordings.recover(left))).isEmpty();
    awaitNothingLeft();
    assertThat(first.keys).containsExactlyElementsOf(missing(left, STORE, FIRST_KEY));
    assertThat(second.keys).containsExactlyElementsOf(missing(left, FALLBACK, SECOND_KEY));
    assertThat(news.heard).doesNotContain("finished r1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ended_whileOneStoreHung_theOtherKeepsItAndTheHungOneGetsItOnce(boolean firstHangs)
      throws Exception {
    (firstHangs ? first : second).gate = new CountDownLatch(1);
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    CompletionStage<Finished> before = recordings.finish(manifest, captured);
    awaitKnown(known -> known.stores(Status.SETTLED).size() == 1);
    if (!firstHangs) {
      recordings.announced(await(before));
      awaitKnown(known -> known.state() == Manifest.State.ANNOUNCED);
    }
    close();
    open();

    Manifest left = journal.leftOver().get(0);
    Optional<Finished> finished = await(recordings.recover(left));
    finished.ifPresent(recordings::announced);
    awaitNothingLeft();
    assertThat(List.copyOf(first.keys)).isEqualTo(firstHangs ? List.of(FIRST_KEY) : List.of());
    assertThat(List.copyOf(second.keys)).isEqualTo(firstHangs ? List.of() : List.of(SECOND_KEY));
  }

  @Test
  void news_finishedComesBeforeThoseOfTheStores() throws Exception {
    for (int i = 0; i < 50; i++) {
      String id = "n" + i;
      Manifest each = Captures.manifest(id);
      await(journal.begin(each, Captures.request()));
      Finished finished =
          await(recordings.finish(each, Captures.captured(id, journal.audio(each))));
      recordings.announced(finished);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (news.heard.size() < 100 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    for (int i = 0; i < 50; i++) {
      assertThat(news.heard).containsSubsequence("finished n" + i, "stored n" + i + " in " + STORE);
    }
  }

  @Test
  void tidyAndForget_amongManySteps_leaveNothingAndFailNothing() throws Exception {
    for (int i = 0; i < 200; i++) {
      String id = "t" + i;
      Manifest each = Captures.manifest(id);
      await(journal.begin(each, Captures.request()));
      CapturedRecording captured = Captures.captured(id, journal.audio(each));
      CompletionStage<Finished> finished = recordings.finish(each, captured);
      finished.thenAccept(recordings::announced);
      CompletionStage<Void> tidied = journal.tidy(id);
      await(finished);
      await(tidied);
      await(journal.tidy(id));
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!journal.all().isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    close();
    open();
    assertThat(journal.leftOver()).isEmpty();
  }

  @Test
  void forget_twiceAndBesideATidy_isHarmless() throws Exception {
    await(journal.begin(manifest, Captures.request()));
    CapturedRecording captured = Captures.captured("r1", journal.audio(manifest));
    await(
        journal.change(
            "r1",
            known ->
                at(Step.BOTH_SETTLED, known.captured(captured, CAPTURED))
                    .announcing(Announcement.nowhere(CAPTURED))
                    .announced()));
    List<CompletionStage<Void>> all =
        List.of(journal.tidy("r1"), journal.forget("r1"), journal.tidy("r1"), journal.forget("r1"));
    for (CompletionStage<Void> each : all) {
      await(each);
    }
    assertThat(spool.resolve("r1")).doesNotExist();
    assertThat(journal.known("r1")).isEmpty();
  }
}
