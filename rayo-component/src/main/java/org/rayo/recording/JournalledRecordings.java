package org.rayo.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.recording.Manifest.Announcement;
import org.rayo.recording.Manifest.Delivery;
import org.rayo.recording.Manifest.Delivery.Status;
import org.rayo.recording.Manifest.Place;
import org.rayo.recording.Placement.Placed;
import org.rayo.storage.StoredRecording;
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
  }

  @Override
  public CompletionStage<MediaRecording> begin(
      Manifest manifest,
      RecordingRequest request,
      Function<RecordingTarget, CompletionStage<MediaRecording>> capture) {
    RecordingTarget target = new RecordingTarget(manifest.recordingId(), journal.audio(manifest));
    CompletableFuture<MediaRecording> begun =
        patiently(journal.begin(manifest, request), patience.acknowledgement())
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
      told(id, journal.forget(id));
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
    return patiently(journal.hasFile(id, captured.file()), patience.step())
        .exceptionally(
            failure -> {
              LOG.error("the spool does not answer", failure);
              return true;
            })
        .thenCompose(there -> there ? kept(begun, captured) : noFile(begun, captured));
  }

  private CompletionStage<Finished> kept(Manifest begun, CapturedRecording captured) {
    Instant at = now();
    return change(begun, known -> known.captured(captured, at))
        .thenCompose(known -> place(known, captured));
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
      return place(manifest, facts).thenApply(Optional::of);
    }
    if (manifest.state() == Manifest.State.CAPTURED) {
      news.finished(manifest); // Again, it may be; it is the same.
    }
    for (String store : manifest.stores(Status.PENDING, Status.STORED)) {
      LOG.info("recording {} goes on its way to the store {}", manifest.recordingId(), store);
      deliver(manifest, store, Optional.empty());
    }
    tidy(manifest.recordingId());
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
    Optional<Manifest> manifest = journal.known(recordingId);
    if (manifest.isEmpty()) {
      return 0;
    }
    int asked = 0;
    for (String store : manifest.get().stores(Status.DEAD)) {
      Manifest asking = manifest.get().asking(store);
      told(recordingId, journal.change(recordingId, known -> known.asking(store)));
      deliver(asking, store, Optional.empty());
      asked++;
    }
    return asked;
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
    return change(begun, known -> known.captured(captured, at).discarded().announcing(told))
        .thenApply(
            known -> {
              news.finished(known);
              return finished(known, captured);
            });
  }

  /** Brings it to where it can be read, and decides what its client is told. */
  private CompletionStage<Finished> place(Manifest manifest, CapturedRecording captured) {
    // Before any store has it, so that this news comes before those of the stores.
    news.finished(manifest);
    Placement placement =
        new Placement(
            manifest.stores(Status.PENDING, Status.STORED, Status.SETTLED, Status.DEAD),
            manifest.stores(Status.STANDBY).stream().findFirst(),
            new Placed(Place.SPOOL, Optional.of(captured.file().toUri()), captured.sizeBytes())) {
          @Override
          void ask(String store) {
            LOG.warn("recording {} goes to the store {} too", manifest.recordingId(), store);
            deliver(noted(manifest, known -> known.asking(store)), store, Optional.of(this));
          }
        };
    watch(manifest, placement);
    for (String store : manifest.deliveries().keySet()) {
      deliver(manifest, store, placement);
    }
    return placement
        .decided()
        .thenCompose(
            placed ->
                placed.place() == Place.SPOOL
                    ? announceIfThere(manifest, captured, placed)
                    : announce(manifest, captured, placed));
  }

  private CompletionStage<Finished> announceIfThere(
      Manifest manifest, CapturedRecording captured, Placed placed) {
    return patiently(journal.hasFile(manifest.recordingId(), captured.file()), patience.step())
        .exceptionally(failure -> true)
        .thenCompose(
            there -> there ? announce(manifest, captured, placed) : noFile(manifest, captured));
  }

  private void watch(Manifest manifest, Placement placement) {
    try {
      Future<?> first = delivery.after(patience.store(), placement::late);
      Future<?> second =
          delivery.after(patience.store().plus(patience.anyStore()), placement::late);
      placement
          .decided()
          .whenComplete(
              (placed, failure) -> {
                first.cancel(false);
                second.cancel(false);
                if (placed.place() == Place.SPOOL) {
                  LOG.error(
                      "no store has taken recording {} in time; its uri is that of the spool's copy",
                      manifest.recordingId());
                }
              });
    } catch (RejectedExecutionException closed) {
      placement.giveUp();
    }
  }

  private void deliver(Manifest manifest, String store, Placement placement) {
    Delivery part = manifest.delivery(store);
    switch (part.status()) {
      case STANDBY -> {
        // It is asked when the others are late.
      }
      case DEAD -> placement.refused(store);
      case SETTLED -> placement.stored(store, Placed.in(part));
      case STORED -> {
        placement.stored(store, Placed.in(part));
        deliver(manifest, store, Optional.of(placement));
      }
      case PENDING -> deliver(manifest, store, Optional.of(placement));
    }
  }

  private void deliver(Manifest manifest, String store, Optional<Placement> placement) {
    String id = manifest.recordingId();
    RecordingDelivery.Progress progress =
        new RecordingDelivery.Progress() {
          @Override
          public void stored(StoredRecording there) {
            Manifest known = noted(manifest, before -> before.stored(store, there));
            if (placement.isEmpty()) {
              LOG.info(
                  "recording {} is in the store {} at last: {}",
                  id,
                  store,
                  Uris.shown(there.uri()));
            }
            placement.ifPresent(waiting -> waiting.stored(store, Placed.in(known.delivery(store))));
          }

          @Override
          public void settled() {
            told(id, journal.change(id, known -> known.settled(store)).thenRun(() -> tidy(id)));
          }

          @Override
          public void dead(String problem) {
            noted(manifest, known -> known.dead(store, problem));
            placement.ifPresent(waiting -> waiting.refused(store));
          }

          @Override
          public Manifest manifest() {
            return journal.known(id).orElse(manifest);
          }
        };
    try {
      delivery.deliver(manifest, store, journal.audio(manifest), progress);
    } catch (RejectedExecutionException closed) {
      placement.ifPresent(Placement::giveUp);
    }
  }

  private CompletionStage<Finished> announce(
      Manifest manifest, CapturedRecording captured, Placed placed) {
    Announcement told = new Announcement(placed.place(), placed.uri(), placed.sizeBytes(), now());
    return change(manifest, known -> known.announcing(told))
        .thenApply(known -> finished(known, captured));
  }

  private Finished finished(Manifest known, CapturedRecording captured) {
    tidy(known.recordingId());
    return new Finished(known, captured, known.announcement().orElseThrow());
  }

  /** What is on the wire has milliseconds. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * More is known, and is on the disk. A journal that cannot be written in time is told of, and the
   * recording goes on without it.
   */
  private CompletionStage<Manifest> change(Manifest last, UnaryOperator<Manifest> next) {
    String id = last.recordingId();
    return patiently(journal.change(id, next), patience.step())
        .exceptionally(
            failure -> {
              LOG.error("recording {} goes on without its journal", id, failure);
              return journal.known(id).orElseGet(() -> next.apply(last));
            });
  }

  /** More is known, and will be on the disk before anything that is changed after it. */
  private Manifest noted(Manifest last, UnaryOperator<Manifest> next) {
    String id = last.recordingId();
    told(id, journal.change(id, next));
    return journal.known(id).orElseGet(() -> next.apply(last));
  }

  private static <T> CompletableFuture<T> patiently(CompletionStage<T> step, Duration limit) {
    return step.toCompletableFuture().copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void announced(Finished finished) {
    String id = finished.manifest().recordingId();
    told(id, journal.change(id, Manifest::announced).thenRun(() -> tidy(id)));
  }

  private void tidy(String id) {
    told(id, journal.tidy(id));
  }

  private static void told(String id, CompletionStage<?> step) {
    step.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.warn("the spool of recording {} is not up to date", id, failure);
          }
        });
  }
}
