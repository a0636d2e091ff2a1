package org.rayo.recording;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rayo.recording.Manifest.Delivery.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the spool: does what a person asks for, and removes what has been kept for long
 * enough. On a thread of its own.
 */
public final class SpoolUpkeep implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolUpkeep.class);
  private static final Duration REQUESTS = Duration.ofSeconds(1);
  private static final Duration CLEANING = Duration.ofMinutes(10);

  private final RecordingJournal journal;
  private final JournalledRecordings recordings;
  private final SpoolRequests requests;
  private final Keep keep;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(StoreQueue.daemon("rayo-spool-upkeep"));

  /**
   * How long what is kept; zero: for ever.
   *
   * @param told copies of which a client was told, once every store has the recording
   * @param dead recordings that a store does not take
   */
  public record Keep(Duration told, Duration dead) {}

  public SpoolUpkeep(
      RecordingJournal journal,
      JournalledRecordings recordings,
      SpoolRequests requests,
      Keep keep,
      Clock clock) {
    this.journal = journal;
    this.recordings = recordings;
    this.requests = requests;
    this.keep = keep;
    this.clock = clock;
  }

  /** Begins; what was asked for while no server ran is done at once. */
  public void start() {
    requests.prepare();
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            () -> {
              safely(this::doRequests);
              safely(journal::catchUp);
            },
            0,
            REQUESTS.toMillis(),
            TimeUnit.MILLISECONDS);
    unused =
        thread.scheduleWithFixedDelay(
            () -> safely(this::removeOld), 0, CLEANING.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void safely(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // One that is thrown would be the last this thread ever did.
      LOG.error("the upkeep of the spool failed, and goes on", e);
    }
  }

  private void doRequests() {
    try {
      for (String id : requests.taken()) {
        int stores = recordings.redeliver(id);
        LOG.info("recording {} is to be delivered again; stores asked: {}", id, stores);
      }
    } catch (IOException e) {
      LOG.warn("what is asked of the spool cannot be read: {}", e.toString());
    }
  }

  /** Removes what has been kept for long enough. */
  void removeOld() {
    Instant now = clock.instant();
    for (Manifest manifest : journal.all()) {
      if (manifest.state() != Manifest.State.ANNOUNCED) {
        continue;
      }
      boolean old =
          !manifest.stores(Status.DEAD).isEmpty()
              && manifest.stores(Status.PENDING, Status.STORED).isEmpty()
              && isOlder(manifest, keep.dead(), now);
      if (old) {
        LOG.error(
            "recording {} of {} is removed: {} did not take it in all the time it was kept",
            manifest.recordingId(),
            manifest.startedAt(),
            manifest.stores(Status.DEAD));
      }
      boolean told =
          manifest.isSettled() && manifest.isReadInSpool() && isOlder(manifest, keep.told(), now);
      if (old || told) {
        forget(manifest.recordingId());
      }
    }
  }

  private static boolean isOlder(Manifest manifest, Duration kept, Instant now) {
    return !kept.isZero()
        && manifest.captured().filter(facts -> facts.at().plus(kept).isBefore(now)).isPresent();
  }

  private void forget(String id) {
    CompletionStage<Void> step = journal.forget(id);
    step.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.warn("recording {} cannot be removed from the spool", id, failure);
          }
        });
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
