package org.rayo.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings finished recordings from the spool into the stores, asking each again with growing pauses
 * for as long as it takes, and begins with it while they are recorded.
 *
 * <p>Thread safe; nothing blocks the caller. The stores' blocking calls run on threads of their
 * own, for each store.
 */
public final class RecordingDelivery implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RecordingDelivery.class);

  /** What has grown meanwhile is sent this often. */
  private static final Duration AHEAD = Duration.ofSeconds(2);

  private final Map<String, StoreQueue> stores = new LinkedHashMap<>();
  private final Map<String, AheadUploads> growing = new LinkedHashMap<>();
  private final SpoolSealing sealing;
  private final RecordingNews news;

  /** Never blocked: deadlines and pauses. */
  private final ScheduledExecutorService clock;

  /** Hears what becomes of a recording in one store. On a thread that must not be blocked long. */
  interface Progress {
    /** It is there, and can be read. */
    void stored(StoredRecording stored);

    /** What lies beside it is there too, and the news of it will not be lost. */
    void settled();

    /** The store does not take it, and is not asked any more. */
    void dead(String problem);

    /** What is known of the recording now. */
    Manifest manifest();
  }

  /**
   * How to deliver.
   *
   * @param parallelUploads at most this many calls of one store at once
   * @param firstRetry pause after the first failure; doubled after each further one
   * @param lastRetry the longest pause
   * @param giveUpAfter a store that has failed for so long is not asked any more in this run
   */
  public record Settings(
      int parallelUploads, Duration firstRetry, Duration lastRetry, Duration giveUpAfter) {}

  /**
   * @param stores by name
   * @param sealing what stores get instead of the audio
   */
  public RecordingDelivery(
      Map<String, RecordingStore> stores,
      Settings settings,
      SpoolSealing sealing,
      RecordingNews news) {
    this.sealing = sealing;
    this.news = news;
    clock = Executors.newSingleThreadScheduledExecutor(StoreQueue.daemon("rayo-delivery-clock"));
    StoreQueue.Settings each =
        new StoreQueue.Settings(
            settings.parallelUploads(),
            settings.firstRetry(),
            settings.lastRetry(),
            settings.giveUpAfter());
    stores.forEach(
        (name, store) -> {
          this.stores.put(name, new StoreQueue(name, store, each, clock));
          AheadUploads ahead = new AheadUploads(store);
          growing.put(name, ahead);
          advance(name, ahead);
        });
  }

  /** One round after the other, never two at once. */
  private void advance(String store, AheadUploads ahead) {
    Runnable round =
        () -> {
          try {
            ahead.advance();
          } finally {
            advance(store, ahead);
          }
        };
    try {
      Future<?> unused =
          clock.schedule(
              () -> queue(store).ifPresent(queue -> queue.ahead().execute(round)),
              AHEAD.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // There is nothing to be ahead of any more.
    }
  }

  private Optional<StoreQueue> queue(String store) {
    return Optional.ofNullable(stores.get(store));
  }

  /**
   * A recording grows in this file. What will not change any more may be sent already.
   *
   * @param mayShrink its end may be cut off, so that nothing can be sent ahead
   */
  void follow(Manifest manifest, Path audio, boolean mayShrink) {
    if (mayShrink || sealing.isOn()) {
      return;
    }
    for (String store : manifest.stores(Manifest.Delivery.Status.PENDING)) {
      Optional.ofNullable(growing.get(store))
          .ifPresent(ahead -> ahead.follow(Sending.file(manifest, store, audio, sealing)));
    }
  }

  /** Nobody wants it after all: what has been sent of it is removed. */
  void drop(Manifest manifest) {
    growing.forEach(
        (store, ahead) ->
            queue(store)
                .ifPresent(
                    queue -> {
                      try {
                        queue
                            .ahead()
                            .execute(
                                () -> ahead.take(manifest.recordingId()).ifPresent(Upload::abort));
                      } catch (RejectedExecutionException closed) {
                        // Closing the store has aborted it.
                      }
                    }));
  }

  /**
   * Asks a store to take a captured recording, for as long as it takes.
   *
   * @param audio the finished file in the spool
   * @throws RejectedExecutionException when this is closed
   */
  void deliver(Manifest manifest, String store, Path audio, Progress progress) {
    Optional<StoreQueue> queue = queue(store);
    if (queue.isEmpty()) {
      String problem = "no store is called " + store + " any more";
      LOG.error("recording {} stays in the spool: {}", manifest.recordingId(), problem);
      // It is rare and may block, so it has a thread of its own.
      StoreQueue.daemon("rayo-news")
          .newThread(() -> unknownStore(manifest, store, problem))
          .start();
      progress.dead(problem);
      return;
    }
    queue
        .get()
        .add(
            new Sending(
                manifest,
                store,
                audio,
                sealing,
                news,
                () ->
                    Optional.ofNullable(growing.get(store))
                        .flatMap(ahead -> ahead.take(manifest.recordingId())),
                progress));
  }

  private void unknownStore(Manifest manifest, String store, String problem) {
    try {
      news.failed(manifest, store, problem);
    } catch (JournalException e) {
      LOG.error("nobody is told that {}", problem, e);
    }
  }

  /**
   * Runs something later.
   *
   * @param task quick, and never blocks
   * @throws RejectedExecutionException when this is closed
   */
  Future<?> after(Duration delay, Runnable task) {
    return clock.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many recordings the stores have not taken yet and are still asked to take. */
  public int underWay() {
    return stores.values().stream().mapToInt(StoreQueue::underWay).sum();
  }

  /** Stops asking; what is not delivered stays in the spool. */
  @Override
  public void close() {
    clock.shutdownNow();
    stores.values().forEach(StoreQueue::close);
  }
}
