package org.rayo.media.output;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Breaks off what takes too long, and, when it is closed, everything. */
final class Watchdog implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer;
  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Watchdog() {
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "output-watchdog");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Watches over something until the guard is closed.
   *
   * @param breakOff does not block; runs when the time is over or this is closed
   */
  Guard guard(Duration time, Runnable breakOff) {
    Guard guard = new Guard(breakOff);
    guards.add(guard);
    try {
      guard.timing = timer.schedule(guard::fire, time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException shutDown) {
      guard.fire();
    }
    if (closed) {
      guard.fire();
    }
    return guard;
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    guards.forEach(Guard::fire);
  }

  /** One thing that is watched. */
  final class Guard implements AutoCloseable {
    private final Runnable breakOff;
    private volatile boolean fired;
    private volatile Future<?> timing = java.util.concurrent.CompletableFuture.completedFuture("");

    private Guard(Runnable breakOff) {
      this.breakOff = breakOff;
    }

    private void fire() {
      fired = true;
      breakOff.run();
    }

    /** Whether it was broken off. */
    boolean fired() {
      return fired;
    }

    @Override
    public void close() {
      timing.cancel(false);
      guards.remove(this);
    }
  }
}
