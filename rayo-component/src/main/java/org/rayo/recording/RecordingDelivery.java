package org.rayo.recording;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings finished recordings from the spool into the store, asking again with growing pauses for as
 * long as it takes.
 *
 * <p>Whoever waits for the uri waits a bounded time: after the deadline it is told that of the copy
 * in the spool, which then stays there. Thread safe; the store's blocking calls run on the
 * delivery's own threads.
 */
public final class RecordingDelivery implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RecordingDelivery.class);

  private final RecordingStore store;
  private final Settings settings;

  /** Blocked by the store for as long as it likes. */
  private final ExecutorService uploads;

  /** Never blocked: deadlines and pauses. */
  private final ScheduledExecutorService clock;

  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * How to deliver.
   *
   * @param parallelUploads at most this many calls of the store at once
   * @param completeDeadline how long {@link #deliver} waits before it falls back to the spool
   * @param firstRetry pause after the first failure; doubled after each further one
   * @param lastRetry the longest pause
   */
  public record Settings(
      int parallelUploads, Duration completeDeadline, Duration firstRetry, Duration lastRetry) {}

  /**
   * Where a recording can be read now.
   *
   * @param inStore false when it is the spool's copy, because the store has not taken it in time
   */
  public record Delivered(URI uri, long sizeBytes, boolean inStore) {}

  public RecordingDelivery(RecordingStore store, Settings settings) {
    this.store = store;
    this.settings = settings;
    uploads = Executors.newFixedThreadPool(settings.parallelUploads(), daemon("rayo-delivery"));
    clock = Executors.newSingleThreadScheduledExecutor(daemon("rayo-delivery-clock"));
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Delivers a captured recording.
   *
   * @param audio the finished file in the spool
   * @param sizeBytes of it
   * @param late is told of the store's uri when the spool's has been given out already
   * @return fails when the file cannot be read (with {@link StorageException}) and when this is
   *     closed; after the deadline the store is still asked
   */
  public CompletionStage<Delivered> deliver(
      Manifest manifest, Path audio, long sizeBytes, Consumer<URI> late) {
    Delivery delivery = new Delivery(manifest, audio, sizeBytes, late);
    try {
      Future<?> fallback =
          clock.schedule(
              () -> delivery.fallBack("within " + settings.completeDeadline().toMillis() + " ms"),
              settings.completeDeadline().toMillis(),
              TimeUnit.MILLISECONDS);
      uploads.execute(delivery::attempt);
      return delivery.outcome.whenComplete((done, failure) -> fallback.cancel(false));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** How many recordings the store has not taken yet and is still asked to take. */
  public int underWay() {
    return underWay.get();
  }

  /** Stops asking; what is not delivered stays in the spool. */
  @Override
  public void close() {
    clock.shutdownNow();
    uploads.shutdownNow();
    store.close();
  }

  /** What a client calls its own keeps its prefix, so that it cannot pass for ours. */
  private static Map<String, String> metadata(Manifest manifest) {
    Map<String, String> metadata = new HashMap<>();
    metadata.put("call-id", manifest.callId());
    metadata.put("component-id", manifest.componentId());
    manifest.meta().forEach((name, value) -> metadata.put("meta." + name, value));
    return metadata;
  }

  /** One recording on its way. */
  private final class Delivery {
    private final Manifest manifest;
    private final RecordingFile file;
    private final long sizeBytes;
    private final Consumer<URI> late;
    private final CompletableFuture<Delivered> outcome = new CompletableFuture<>();
    private Duration pause = settings.firstRetry();

    Delivery(Manifest manifest, Path audio, long sizeBytes, Consumer<URI> late) {
      this.manifest = manifest;
      this.sizeBytes = sizeBytes;
      this.late = late;
      underWay.incrementAndGet();
      file =
          new RecordingFile(
              manifest.recordingId(),
              audio,
              manifest.key(),
              manifest.format().mediaType(),
              metadata(manifest));
    }

    void attempt() {
      try {
        stored(store());
      } catch (StorageException e) {
        failed(e);
      } catch (RuntimeException e) {
        LOG.error("the store failed on recording {}", manifest.recordingId(), e);
        retryLater();
      }
    }

    private void stored(StoredRecording stored) {
      underWay.decrementAndGet();
      if (!outcome.complete(new Delivered(stored.uri(), stored.sizeBytes(), true))) {
        LOG.info("recording {} is stored at last: {}", manifest.recordingId(), stored.uri());
        late.accept(stored.uri());
      }
    }

    /**
     * A store that is wrongly configured may be mended while we run; one that has refused this file
     * stays with that, and of a file that cannot be read nobody gets a uri.
     */
    private void failed(StorageException failure) {
      boolean unreadable = failure.fault() == StorageException.Fault.SOURCE;
      boolean hopeless = unreadable || failure.fault() == StorageException.Fault.REFUSED;
      LOG.warn(
          "recording {} is not stored ({}: {}); {}",
          manifest.recordingId(),
          failure.fault(),
          failure.getMessage(),
          hopeless ? "it stays in the spool" : "next try in " + pause.toMillis() + " ms");
      if (hopeless) {
        underWay.decrementAndGet();
        if (unreadable) {
          outcome.completeExceptionally(failure);
        }
        fallBack("and never will");
      } else {
        retryLater();
      }
    }

    private StoredRecording store() throws StorageException {
      Upload upload = store.begin(file);
      try {
        StoredRecording stored = upload.finish();
        if (stored.sizeBytes() != sizeBytes) {
          throw new StorageException(
              StorageException.Fault.CORRUPTED,
              "the store holds " + stored.sizeBytes() + " bytes of " + sizeBytes);
        }
        return stored;
      } finally {
        upload.abort();
      }
    }

    private void retryLater() {
      long wait = pause.toMillis();
      long jitter = ThreadLocalRandom.current().nextLong(wait / 2 + 1);
      pause = Duration.ofMillis(Math.min(wait * 2, settings.lastRetry().toMillis()));
      try {
        Future<?> unused =
            clock.schedule(
                () -> uploads.execute(this::attempt), wait + jitter, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.warn("recording {} stays in the spool: the server stops", manifest.recordingId());
      }
    }

    void fallBack(String when) {
      if (outcome.complete(new Delivered(file.path().toUri(), sizeBytes, false))) {
        LOG.error(
            "the store has not taken recording {} {}; its uri is that of the spool's copy",
            manifest.recordingId(),
            when);
      }
    }
  }
}
