package org.rayo.recording;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.recording.RecordingDelivery.Delivered;
import org.rayo.storage.StorageException;
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

  /** A client waits no longer than this for the acknowledgement of its {@code <record/>}. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final RecordingJournal journal;
  private final RecordingDelivery delivery;
  private final Duration patience;

  public JournalledRecordings(RecordingJournal journal, RecordingDelivery delivery) {
    this(journal, delivery, PATIENCE);
  }

  /**
   * @param patience how long one step of the journal is waited for
   */
  JournalledRecordings(RecordingJournal journal, RecordingDelivery delivery, Duration patience) {
    this.journal = journal;
    this.delivery = delivery;
    this.patience = patience;
  }

  @Override
  public CompletionStage<MediaRecording> begin(
      Manifest manifest,
      RecordingRequest request,
      Function<RecordingTarget, CompletionStage<MediaRecording>> capture) {
    RecordingTarget target = new RecordingTarget(manifest.recordingId(), journal.audio(manifest));
    CompletableFuture<MediaRecording> begun =
        patiently(journal.begin(manifest, request)).thenCompose(done -> capture.apply(target));
    return begun.whenComplete(
        (recording, failure) -> {
          if (failure != null) {
            // Steps of one recording keep their order, so this finds whatever came late.
            forget(manifest);
          }
        });
  }

  @Override
  public CompletionStage<Finished> finish(Manifest manifest, CapturedRecording captured) {
    if (manifest.isTooShort(captured)) {
      LOG.info(
          "recording {} is discarded: it has {} ms, and its client wants {} at least",
          manifest.recordingId(),
          captured.duration().toMillis(),
          manifest.minDuration().map(Duration::toMillis).orElse(0L));
      forget(manifest);
      return CompletableFuture.completedFuture(Finished.discarded(manifest, captured));
    }
    return patiently(journal.hasFile(manifest, captured.file()))
        .exceptionally(
            failure -> {
              LOG.error("the spool does not answer", failure);
              return true;
            })
        .thenCompose(there -> there ? deliver(manifest, captured) : noFile(manifest, captured))
        .exceptionally(
            failure -> {
              LOG.error("recording {} stays in the spool", manifest.recordingId(), failure);
              return failure.getCause() instanceof StorageException
                  ? Finished.lost(manifest, captured)
                  : inSpool(manifest, captured);
            });
  }

  private CompletionStage<Finished> noFile(Manifest manifest, CapturedRecording captured) {
    LOG.error(
        "recording {} has no file: {}",
        manifest.recordingId(),
        captured.failure().orElse("it has vanished from the spool"));
    forget(manifest);
    return CompletableFuture.completedFuture(Finished.lost(manifest, captured));
  }

  private static Finished inSpool(Manifest manifest, CapturedRecording captured) {
    return new Finished(manifest, captured, Optional.of(captured.file().toUri()), false);
  }

  private CompletionStage<Finished> deliver(Manifest manifest, CapturedRecording captured) {
    return orCarryOn(manifest, journal.captured(manifest, captured))
        .thenCompose(
            noted ->
                delivery
                    .deliver(noted, captured.file(), captured.sizeBytes(), uri -> late(noted, uri))
                    .thenCompose(delivered -> delivered(noted, captured, delivered)));
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

  /** The client has been told of the copy in the spool, so that one stays. */
  private void late(Manifest manifest, URI uri) {
    orCarryOn(manifest, journal.storedToo(manifest, uri));
  }

  /** A journal that cannot be written in time is told of, and the recording goes on without it. */
  private CompletionStage<Manifest> orCarryOn(Manifest manifest, CompletionStage<Manifest> step) {
    return patiently(step)
        .exceptionally(
            failure -> {
              LOG.error(
                  "recording {} goes on without its journal", manifest.recordingId(), failure);
              return manifest;
            });
  }

  private <T> CompletableFuture<T> patiently(CompletionStage<T> step) {
    return step.toCompletableFuture().copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
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
