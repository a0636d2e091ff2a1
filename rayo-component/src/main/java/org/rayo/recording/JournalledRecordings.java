package org.rayo.recording;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingTarget;
import org.rayo.recording.RecordingDelivery.Delivered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a recording, step by step: journalled, captured, stored, announced. What call control
 * asks for, in the order that keeps the promise.
 *
 * <p>Thread safe; nothing blocks.
 */
public final class Recordings {

  private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);

  /** A client waits no longer than this for the acknowledgement of its {@code <record/>}. */
  private static final Duration JOURNAL_PATIENCE = Duration.ofSeconds(2);

  private final RecordingJournal journal;
  private final RecordingDelivery delivery;

  /**
   * A recording at its end.
   *
   * @param uri where it can be read; empty only when there is no file at all
   * @param inStore it lies in the store, so its place in the spool can go once it is announced
   */
  public record Finished(
      Manifest manifest, CapturedRecording captured, Optional<URI> uri, boolean inStore) {}

  public Recordings(RecordingJournal journal, RecordingDelivery delivery) {
    this.journal = journal;
    this.delivery = delivery;
  }

  /**
   * Begins a recording: first its manifest is on the disk, then capture starts.
   *
   * @param capture starts it into the given target
   * @return fails with {@link JournalException}, with {@link java.util.concurrent.TimeoutException}
   *     when the disk takes longer than 2 s, or with what {@code capture} failed with; then nothing
   *     of the recording remains
   */
  public CompletionStage<MediaRecording> begin(
      Manifest manifest, Function<RecordingTarget, CompletionStage<MediaRecording>> capture) {
    CompletionStage<Void> journalled = journal.begin(manifest);
    RecordingTarget target = new RecordingTarget(manifest.recordingId(), journal.audio(manifest));
    CompletableFuture<MediaRecording> begun =
        journalled
            .toCompletableFuture()
            .copy()
            .orTimeout(JOURNAL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .thenCompose(done -> capture.apply(target));
    return begun.whenComplete(
        (recording, failure) -> {
          if (failure != null) {
            journalled.whenComplete((done, late) -> forget(manifest));
          }
        });
  }

  /**
   * Capture has ended: brings the file into the store. Trouble on the way costs time, not the
   * recording, so this never fails.
   */
  public CompletionStage<Finished> finish(Manifest manifest, CapturedRecording captured) {
    Path audio = captured.file();
    if (!Files.exists(audio)) {
      LOG.error("recording {} has no file: {}", manifest.recordingId(), captured.failure());
      return CompletableFuture.completedFuture(
          new Finished(manifest, captured, Optional.empty(), true));
    }
    return orCarryOn(manifest, journal.captured(manifest, captured))
        .thenCompose(
            noted ->
                delivery
                    .deliver(noted, audio, captured.sizeBytes())
                    .thenCompose(delivered -> delivered(noted, captured, delivered)))
        .exceptionally(
            failure -> {
              LOG.error("recording {} stays in the spool", manifest.recordingId(), failure);
              return new Finished(manifest, captured, Optional.of(audio.toUri()), false);
            });
  }

  private CompletionStage<Finished> delivered(
      Manifest manifest, CapturedRecording captured, Delivered delivered) {
    Optional<URI> uri = Optional.of(delivered.uri());
    if (!delivered.inStore()) {
      return CompletableFuture.completedFuture(new Finished(manifest, captured, uri, false));
    }
    return orCarryOn(manifest, journal.stored(manifest, delivered.uri()))
        .thenApply(noted -> new Finished(noted, captured, uri, true));
  }

  /** A journal that cannot be written is told of, and the recording goes on without it. */
  private static CompletionStage<Manifest> orCarryOn(
      Manifest manifest, CompletionStage<Manifest> step) {
    return step.exceptionally(
        failure -> {
          LOG.error("recording {} goes on without its journal", manifest.recordingId(), failure);
          return manifest;
        });
  }

  /** The client has been told: the spool has no more use for a recording that a store has. */
  public void announced(Finished finished) {
    if (finished.inStore()) {
      forget(finished.manifest());
    }
  }

  private void forget(Manifest manifest) {
    journal
        .forget(manifest)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("{} stays in the spool", manifest.recordingId(), failure);
              }
            });
  }
}
