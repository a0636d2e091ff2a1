package org.rayo.recording;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one store is asked to do: on threads of its own, so that a store that hangs keeps nothing
 * from another, and again with growing pauses for as long as trying again can help. Thread safe.
 */
final class StoreQueue implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreQueue.class);

  /** A store that takes longer to close is left to itself. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /**
   * How a store is asked.
   *
   * @param parallel calls of the store at once, at most
   * @param firstRetry pause after the first failure; doubled after each further one
   * @param lastRetry the longest pause
   * @param giveUpAfter so long after it was first asked
   */
  record Settings(int parallel, Duration firstRetry, Duration lastRetry, Duration giveUpAfter) {}

  /** Something that a store is to do. */
  interface Work {
    /** In words, for the log. */
    String name();

    /**
     * Does it; blocks.
     *
     * @throws StorageException and it is tried again, if that can help
     */
    void attempt(RecordingStore store) throws StorageException;

    /** It will not be tried again. */
    void givenUp(StorageException why);
  }

  private final String name;
  private final RecordingStore store;
  private final Settings settings;
  private final ScheduledExecutorService clock;
  private final ExecutorService threads;
  private final ExecutorService ahead;
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * @param name the store's
   * @param clock never blocked
   */
  StoreQueue(String name, RecordingStore store, Settings settings, ScheduledExecutorService clock) {
    this.name = name;
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    threads = Executors.newFixedThreadPool(settings.parallel(), daemon("rayo-store-" + name));
    ahead = Executors.newSingleThreadExecutor(daemon("rayo-ahead-" + name));
    // Its thread is there from the start, so that the number of threads tells of no calls.
    ahead.execute(() -> LOG.debug("the store {} can be sent to", name));
  }

  static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  RecordingStore store() {
    return store;
  }

  /** For what is sent ahead of a recording's end: one thread, so that it is in nobody's way. */
  ExecutorService ahead() {
    return ahead;
  }

  /** How much the store has yet to do. */
  int underWay() {
    return underWay.get();
  }

  /**
   * Asks the store.
   *
   * @throws RejectedExecutionException when this is closed
   */
  void add(Work work) {
    Asking asking = new Asking(work);
    threads.execute(asking::attempt);
    underWay.incrementAndGet();
  }

  /** Stops asking; what is not done by then is left. */
  @Override
  public void close() {
    threads.shutdownNow();
    ahead.shutdownNow();
    // Closing waits for uploads under way, and a mount that hangs ends them never.
    Thread closing = new Thread(store::close, "rayo-close-" + name);
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(CLOSING.toMillis());
      if (closing.isAlive()) {
        LOG.error("the store {} does not close: it is left to itself", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One piece of work, again and again. */
  private final class Asking {
    private final Work work;
    private final long since = System.nanoTime();
    private Duration pause = settings.firstRetry();

    Asking(Work work) {
      this.work = work;
    }

    void attempt() {
      try {
        work.attempt(store);
        underWay.decrementAndGet();
      } catch (StorageException e) {
        failed(e);
      } catch (RuntimeException | Error e) {
        // A defect of one store must not cost the recording.
        LOG.error("the store {} failed on {}", name, work.name(), e);
        failed(
            new StorageException(
                StorageException.Fault.UNAVAILABLE, "the store failed: " + e.getClass(), e));
      }
    }

    /** A store that is wrongly configured may be mended while we run. */
    private void failed(StorageException failure) {
      StorageException.Fault fault = failure.fault();
      boolean hopeless =
          fault == StorageException.Fault.SOURCE || fault == StorageException.Fault.REFUSED;
      boolean old = System.nanoTime() - since > settings.giveUpAfter().toNanos();
      LOG.warn(
          "{} is not in the store {} ({}: {}); {}",
          work.name(),
          name,
          fault,
          failure.getMessage(),
          hopeless || old ? "it is not asked again" : "next try in " + pause.toMillis() + " ms");
      if (hopeless || old) {
        underWay.decrementAndGet();
        work.givenUp(failure);
      } else {
        retryLater(failure);
      }
    }

    private void retryLater(StorageException failure) {
      long wait = pause.toMillis();
      long jitter = ThreadLocalRandom.current().nextLong(wait / 2 + 1);
      pause = Duration.ofMillis(Math.min(wait * 2, settings.lastRetry().toMillis()));
      long asked = failure.retryAfter().map(Duration::toMillis).orElse(0L);
      long longest = settings.lastRetry().toMillis();
      try {
        Future<?> unused =
            clock.schedule(
                this::again,
                Math.max(wait + jitter, Math.min(asked, longest)),
                TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.warn("{} waits for the next start: the server stops", work.name());
      }
    }

    private void again() {
      try {
        threads.execute(this::attempt);
      } catch (RejectedExecutionException e) {
        LOG.warn("{} waits for the next start: the server stops", work.name());
      }
    }
  }
}
