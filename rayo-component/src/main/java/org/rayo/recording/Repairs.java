package org.rayo.recording;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rayo.media.CapturedRecording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes recordings of what a crash has left of their files, on two threads of its own, so that
 * hundreds of them delay no new recording. What fails is tried again. Thread safe.
 */
public final class Repairs implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);
  private static final int THREADS = 2;

  /** So often a file is tried; whoever waits for it must be told something one day. */
  private static final int ATTEMPTS = 8;

  private final Duration firstRetry;
  private final Duration lastRetry;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(THREADS, StoreQueue.daemon("rayo-repair"));

  /**
   * @param firstRetry pause after the first failure; doubled after each further one
   * @param lastRetry the longest pause
   */
  public Repairs(Duration firstRetry, Duration lastRetry) {
    this.firstRetry = firstRetry;
    this.lastRetry = lastRetry;
  }

  /**
   * The file of a recording that broke off is made valid, as far as it was written.
   *
   * @param failure why it broke off
   * @return what it plays. Fails with {@link NoSuchFileException} when there is no file, and with
   *     another {@link IOException} when it could not be repaired after several tries; the file is
   *     then left as it is. Never completes once this is closed: the next run repairs it
   */
  CompletionStage<CapturedRecording> repair(Manifest manifest, Path audio, String failure) {
    CompletableFuture<CapturedRecording> repaired = new CompletableFuture<>();
    run(new Repair(manifest, audio, failure, repaired), Duration.ZERO, 1);
    return repaired;
  }

  private record Repair(
      Manifest manifest,
      Path audio,
      String failure,
      CompletableFuture<CapturedRecording> repaired) {}

  private void run(Repair repair, Duration after, int attempt) {
    try {
      Future<?> unused =
          threads.schedule(
              () -> attempt(repair, after, attempt), after.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      LOG.warn(
          "recording {} is left for the next start to repair", repair.manifest().recordingId());
    }
  }

  private void attempt(Repair repair, Duration pause, int attempt) {
    try {
      repair
          .repaired()
          .complete(SpoolRepair.repair(repair.manifest(), repair.audio(), repair.failure()));
    } catch (NoSuchFileException e) {
      repair.repaired().completeExceptionally(e);
    } catch (IOException | RuntimeException | Error e) {
      if (attempt >= ATTEMPTS) {
        repair.repaired().completeExceptionally(new IOException("cannot be repaired", e));
        return;
      }
      Duration doubled = pause.isZero() ? firstRetry : pause.multipliedBy(2);
      Duration next = doubled.compareTo(lastRetry) < 0 ? doubled : lastRetry;
      LOG.error(
          "recording {} is not repaired yet; next try in {} ms",
          repair.manifest().recordingId(),
          next.toMillis(),
          e);
      run(repair, next, attempt + 1);
    }
  }

  /** Stops; what is not repaired is repaired by the next run. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
