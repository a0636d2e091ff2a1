package org.rayo.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.recording.Manifest.Announcement;
import org.rayo.recording.Manifest.Place;
import org.rayo.recording.Placement.Placed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a recording, step by step, in the order that keeps the promise: journalled, captured,
 * stored, announced. No step waits for the disk or for a store longer than a bounded time.
 *
 * <p>Thread safe; nothing blocks.
 */
public final class JournalledRecordings implements Recordings {

  private static final Logger LOG = LoggerFactory.getLogger(JournalledRecordings.class);

  static final String RECOVERED = "recovered after a restart";

  private final RecordingJournal journal;
  private final RecordingDelivery delivery;
  private final Repairs repairs;
  private final RecordingNews news;
  private final Patience patience;
  private final JournalSteps steps;
  private final Placer placer;

  /**
   * How long what is waited for.
   *
   * @param acknowledgement the first step of the journal, for which a client waits
   * @param step any other step of the journal
   * @param store the store that a client prefers
   * @param anyStore after that, any other
   */
  public record Patience(
      Duration acknowledgement, Duration step, Duration store, Duration anyStore) {

    /** The others are 2 s for an acknowledgement, 10 s for a step, 2 s for any other store. */
    public static Patience withStore(Duration store) {
      return new Patience(
          Duration.ofSeconds(2), Duration.ofSeconds(10), store, Duration.ofSeconds(2));
    }
  }

  public JournalledRecordings(
      RecordingJournal journal,
      RecordingDelivery delivery,
      Repairs repairs,
      RecordingNews news,
      Patience patience) {
    this.journal = journal;
    this.delivery = delivery;
    this.repairs = repairs;
    this.news = news;
    this.patience = patience;
    steps = new JournalSteps(journal, patience.step());
    placer = new Placer(journal, steps, delivery, patience);
  }

  @Override
  public CompletionStage<MediaRecording> begin(
      Manifest manifest,
      RecordingRequest request,
      Function<RecordingTarget, CompletionStage<MediaRecording>> capture) {
    RecordingTarget target = new RecordingTarget(manifest.recordingId(), journal.audio(manifest));
    CompletableFuture<MediaRecording> begun =
        JournalSteps.within(patience.acknowledgement(), journal.begin(manifest, request))
            .thenCompose(done -> capture.apply(target));
    return begun.whenComplete(
        (recording, failure) -> {
          if (failure != null) {
            forgetBegun(manifest.recordingId(), failure);
          } else {
            delivery.follow(manifest, target.file(), request.handling().trim());
            news.started(manifest);
          }
        });
  }

  /** A journal that could not begin has left nothing; and what it refused may be another's. */
  private void forgetBegun(String id, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (!(cause instanceof JournalException)) {
      // Steps of one recording keep their order, so this finds whatever came late.
      steps.forget(id);
    }
  }

  @Override
  public CompletionStage<Finished> finish(Manifest begun, CapturedRecording captured) {
    String id = begun.recordingId();
    if (!captured.finished()) {
      // Whatever was written is there; it is made a recording of now, or by the next start.
      return repaired(begun, captured.failure().orElse(RECOVERED));
    }
    if (begun.isTooShort(captured)) {
      LOG.info(
          "recording {} is discarded: it has {} ms, and its client wants {} at least",
          id,
          captured.duration().toMillis(),
          begun.minDuration().map(Duration::toMillis).orElse(0L));
      return unreadable(begun, captured);
    }
    return steps
        .hasFile(captured)
        .thenCompose(there -> there ? kept(begun, captured) : noFile(begun, captured));
  }

  private CompletionStage<Finished> kept(Manifest begun, CapturedRecording captured) {
    Instant at = now();
    return steps
        .change(begun, known -> known.captured(captured, at))
        .thenCompose(known -> placed(known, captured));
  }

  /** What a crash has left of it is made a recording. */
  private CompletionStage<Finished> repaired(Manifest begun, String why) {
    Path audio = journal.audio(begun);
    return repairs
        .repair(begun, audio, why)
        .handle(
            (repaired, failure) -> {
              if (failure == null) {
                return finish(begun, repaired);
              }
              LOG.error("recording {} cannot be read", begun.recordingId(), failure);
              return unreadable(begun, nothing(begun, audio, why));
            })
        .thenCompose(Function.identity());
  }

  private static CapturedRecording nothing(Manifest begun, Path audio, String why) {
    return new CapturedRecording(
        begun.recordingId(),
        audio,
        begun.format(),
        CapturedRecording.Cause.ERROR,
        0,
        SpoolRepair.SAMPLE_RATE_HZ,
        1,
        0,
        Optional.of(why));
  }

  @Override
  public CompletionStage<Optional<Finished>> recover(Manifest manifest) {
    Optional<CapturedRecording> captured = manifest.captured(journal.audio(manifest));
    if (captured.isEmpty()) {
      return repaired(manifest, RECOVERED).thenApply(Optional::of);
    }
    CapturedRecording facts = captured.orElseThrow();
    if (manifest.announcement().isEmpty()) {
      return placed(manifest, facts).thenApply(Optional::of);
    }
    if (manifest.state() == Manifest.State.CAPTURED) {
      news.finished(manifest); // Again, it may be; it is the same.
    }
    placer.goOn(manifest);
    steps.tidy(manifest.recordingId());
    return CompletableFuture.completedFuture(
        manifest.state() == Manifest.State.ANNOUNCED
            ? Optional.empty()
            : manifest.announcement().map(told -> new Finished(manifest, facts, told)));
  }

  /**
   * Stores that did not take a recording are asked again, for a person says that it may help now.
   *
   * @return how many are
   */
  int redeliver(String recordingId) {
    return journal.known(recordingId).map(placer::redeliver).orElse(0);
  }

  private CompletionStage<Finished> noFile(Manifest begun, CapturedRecording captured) {
    LOG.error(
        "recording {} has no file: {}",
        begun.recordingId(),
        captured.failure().orElse("it has vanished from the spool"));
    return unreadable(begun, captured.failed("the recording's file is lost"));
  }

  /** Nothing can be read: that is written down too, for its client must be told. */
  private CompletionStage<Finished> unreadable(Manifest begun, CapturedRecording captured) {
    delivery.drop(begun);
    Instant at = now();
    Announcement told = Announcement.nowhere(at);
    return steps
        .change(begun, known -> known.captured(captured, at).discarded().announcing(told))
        .thenApply(
            known -> {
              news.finished(known);
              return finished(known, captured);
            });
  }

  /** Brings it to where it can be read, and tells that. */
  private CompletionStage<Finished> placed(Manifest manifest, CapturedRecording captured) {
    // Before any store has it, so that this news comes before those of the stores.
    news.finished(manifest);
    return placer
        .place(manifest, captured)
        .thenCompose(
            placed ->
                placed.place() == Place.SPOOL
                    ? announceIfThere(manifest, captured, placed)
                    : announce(manifest, captured, placed));
  }

  private CompletionStage<Finished> announceIfThere(
      Manifest manifest, CapturedRecording captured, Placed placed) {
    return steps
        .hasFile(captured)
        .thenCompose(
            there -> there ? announce(manifest, captured, placed) : noFile(manifest, captured));
  }

  private CompletionStage<Finished> announce(
      Manifest manifest, CapturedRecording captured, Placed placed) {
    Announcement told = new Announcement(placed.place(), placed.uri(), placed.sizeBytes(), now());
    return steps
        .change(manifest, known -> known.announcing(told))
        .thenApply(known -> finished(known, captured));
  }

  private Finished finished(Manifest known, CapturedRecording captured) {
    steps.tidy(known.recordingId());
    return new Finished(known, captured, known.announcement().orElseThrow());
  }

  /** What is on the wire has milliseconds. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public void announced(Finished finished) {
    steps.changeAndTidy(finished.manifest().recordingId(), Manifest::announced);
  }
}
