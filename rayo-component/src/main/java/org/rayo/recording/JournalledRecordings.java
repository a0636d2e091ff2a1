package org.rayo.recording;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.recording.Manifest.Announcement;
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

  private static final String RECOVERED = "recovered after a restart";

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
      return unreadable(manifest, captured);
    }
    return patiently(journal.hasFile(manifest, captured.file()))
        .exceptionally(
            failure -> {
              LOG.error("the spool does not answer", failure);
              return true;
            })
        .thenCompose(
            there ->
                there
                    ? orCarryOn(manifest.captured(captured), journal.captured(manifest, captured))
                        .thenCompose(noted -> deliver(noted, captured))
                    : noFile(manifest, captured));
  }

  @Override
  public CompletionStage<Optional<Finished>> recover(Manifest manifest) {
    Optional<CapturedRecording> captured = manifest.captured(journal.audio(manifest));
    if (captured.isEmpty()) {
      return journal
          .repaired(manifest, RECOVERED)
          .thenCompose(repaired -> finish(manifest, repaired))
          .thenApply(Optional::of);
    }
    CapturedRecording facts = captured.orElseThrow();
    if (manifest.announcement().isEmpty()) {
      return deliver(manifest, facts).thenApply(Optional::of);
    }
    Announcement told = manifest.announcement().orElseThrow();
    boolean inStore = manifest.storedAt().isPresent() && told.uri().equals(manifest.storedAt());
    if (manifest.state() != Manifest.State.STORED && told.uri().isPresent()) {
      LOG.info("recording {} goes on its way to the store", manifest.recordingId());
      delivery
          .deliver(manifest, facts.file(), facts.sizeBytes(), uri -> late(manifest, uri))
          .thenAccept(
              delivered -> {
                if (delivered.inStore()) {
                  late(manifest, delivered.uri());
                }
              });
    }
    return CompletableFuture.completedFuture(
        told.confirmed()
            ? Optional.empty()
            : Optional.of(new Finished(manifest, facts, told.uri(), inStore, told.at())));
  }

  private CompletionStage<Finished> noFile(Manifest manifest, CapturedRecording captured) {
    LOG.error(
        "recording {} has no file: {}",
        manifest.recordingId(),
        captured.failure().orElse("it has vanished from the spool"));
    return lost(manifest, captured);
  }

  private CompletionStage<Finished> lost(Manifest manifest, CapturedRecording captured) {
    return unreadable(manifest, captured.failed("the recording's file is lost"));
  }

  /** Nothing can be read: that is written down too, for its client must be told. */
  private CompletionStage<Finished> unreadable(Manifest manifest, CapturedRecording captured) {
    Instant at = now();
    Manifest facts = manifest.captured(captured);
    return orCarryOn(
            facts.announcing(Optional.empty(), at), journal.announcing(facts, Optional.empty(), at))
        .thenApply(noted -> new Finished(noted, captured, Optional.empty(), false, at));
  }

  private CompletionStage<Finished> deliver(Manifest noted, CapturedRecording captured) {
    return delivery
        .deliver(noted, captured.file(), captured.sizeBytes(), uri -> late(noted, uri))
        .handle(
            (delivered, failure) ->
                failure == null
                    ? delivered(noted, captured, delivered)
                    : notDelivered(noted, captured, failure))
        .thenCompose(Function.identity());
  }

  private CompletionStage<Finished> notDelivered(
      Manifest manifest, CapturedRecording captured, Throwable failure) {
    LOG.error("recording {} stays in the spool", manifest.recordingId(), failure);
    return failure instanceof StorageException || failure.getCause() instanceof StorageException
        ? lost(manifest, captured)
        : inSpool(manifest, captured, captured.file().toUri());
  }

  private CompletionStage<Finished> delivered(
      Manifest manifest, CapturedRecording captured, Delivered delivered) {
    if (!delivered.inStore()) {
      return inSpool(manifest, captured, delivered.uri());
    }
    Instant at = now();
    Optional<URI> uri = Optional.of(delivered.uri());
    return orCarryOn(
            manifest.stored(delivered.uri()).announcing(uri, at),
            journal.stored(manifest, delivered.uri(), at))
        .thenApply(noted -> new Finished(noted, captured, uri, true, at));
  }

  private CompletionStage<Finished> inSpool(
      Manifest manifest, CapturedRecording captured, URI copy) {
    Instant at = now();
    Optional<URI> uri = Optional.of(copy);
    return orCarryOn(manifest.announcing(uri, at), journal.announcing(manifest, uri, at))
        .thenApply(noted -> new Finished(noted, captured, uri, false, at));
  }

  /** What is on the wire has milliseconds. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The client has been told of the copy in the spool, so that one stays. */
  private void late(Manifest manifest, URI uri) {
    told(manifest, journal.storedToo(manifest, uri));
  }

  /**
   * A journal that cannot be written in time is told of, and the recording goes on without it.
   *
   * @param next what the step was going to write, which the steps after it build upon
   */
  private CompletionStage<Manifest> orCarryOn(Manifest next, CompletionStage<Manifest> step) {
    return patiently(step)
        .exceptionally(
            failure -> {
              LOG.error("recording {} goes on without its journal", next.recordingId(), failure);
              return next;
            });
  }

  private <T> CompletableFuture<T> patiently(CompletionStage<T> step) {
    return step.toCompletableFuture().copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void announced(Finished finished) {
    if (finished.inStore() || finished.uri().isEmpty()) {
      forget(finished.manifest());
    } else {
      told(finished.manifest(), journal.confirmed(finished.manifest()));
    }
  }

  private void forget(Manifest manifest) {
    told(manifest, journal.forget(manifest));
  }

  private static void told(Manifest manifest, CompletionStage<Void> step) {
    step.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.warn(
                "the spool of recording {} is not up to date", manifest.recordingId(), failure);
          }
        });
  }
}
