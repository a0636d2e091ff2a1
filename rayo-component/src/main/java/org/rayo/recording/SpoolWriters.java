package org.rayo.recording;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that write the spool's documents. What is asked under one name is done in that order;
 * under different names beside each other. Callers never block. Thread safe.
 */
final class SpoolWriters implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolWriters.class);

  /** Syncs wait for the disk, so a few run beside each other. */
  private static final int THREADS = 4;

  /** How long a stop waits for the disk. */
  private static final long PATIENCE_SECONDS = 10;

  /** Work that may fail on the disk, with an answer. */
  interface DiskQuestion<T> {
    T ask() throws IOException;
  }

  private final ExecutorService threads;

  /** The last thing asked for under each name that has something under way. */
  private final Map<String, CompletableFuture<?>> last = new ConcurrentHashMap<>();

  SpoolWriters() {
    this(
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "rayo-journal");
              thread.setDaemon(true);
              return thread;
            }));
  }

  /**
   * @param threads are shut down with this
   */
  SpoolWriters(ExecutorService threads) {
    this.threads = threads;
  }

  /**
   * Asks the disk once what was asked before, under the same name, has ended, well or not.
   *
   * @return fails with {@link JournalException}
   */
  <T> CompletionStage<T> ask(String name, DiskQuestion<T> question) {
    CompletableFuture<T> result = new CompletableFuture<>();
    last.compute(
        name,
        (same, before) -> {
          CompletionStage<?> earlier =
              before == null ? CompletableFuture.completedFuture(true) : before;
          earlier.whenComplete((done, failure) -> run(name, question, result));
          return result;
        });
    return result.whenComplete((done, failure) -> last.remove(name, result));
  }

  private <T> void run(String name, DiskQuestion<T> question, CompletableFuture<T> result) {
    try {
      threads.execute(
          () -> {
            try {
              result.complete(question.ask());
            } catch (IOException | RuntimeException | Error e) {
              // Whatever it is, somebody waits for the answer.
              result.completeExceptionally(failure(name, e));
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(failure(name, e));
    }
  }

  private static JournalException failure(String name, Throwable cause) {
    if (cause instanceof SpoolRoom.NoRoomException full) {
      return new JournalException(
          JournalException.Fault.FULL, String.valueOf(full.getMessage()), full);
    }
    return new JournalException("cannot write the journal of " + name, cause);
  }

  /** Whether something is under way under this name. */
  boolean isBusy(String name) {
    return last.containsKey(name);
  }

  /** Completes when all that was asked for under names that begin so has ended, well or not. */
  CompletionStage<Void> ended(String prefix) {
    return CompletableFuture.allOf(
            last.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .toArray(CompletableFuture[]::new))
        .handle((done, failure) -> null);
  }

  /** Under how many names something is under way. */
  int underWay() {
    return last.size();
  }

  /** Waits a bounded time for what is under way. */
  @Override
  public void close() {
    // What waits for a step before it is not with the threads yet, so they may not go first.
    CompletableFuture<Void> all =
        CompletableFuture.allOf(last.values().toArray(CompletableFuture[]::new));
    try {
      all.handle((done, failure) -> true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.error(
          "the spool's disk has not answered for {} s; journal steps may be missing",
          PATIENCE_SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("failures were handled", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }
}
