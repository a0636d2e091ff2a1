package org.rayo.call;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Knows the time, and calls back later. Thread safe. */
interface AlarmClock {

  Instant now();

  /** Runs the task once, after this time, on a thread of the clock's; the task is short. */
  void after(Duration pause, Runnable task);

  /** The system's time; tasks run on the given executor. */
  static AlarmClock on(ScheduledExecutorService executor) {
    return new AlarmClock() {
      @Override
      public Instant now() {
        return Instant.now();
      }

      @Override
      public void after(Duration pause, Runnable task) {
        ScheduledFuture<?> unused =
            executor.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    };
  }
}
