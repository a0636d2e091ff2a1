package org.rayo.media.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One time to be kept: set anew it forgets the one before. Used by one thread at a time. */
public final class Deadline {

  private static final Logger log = LoggerFactory.getLogger(Deadline.class);

  private final ScheduledExecutorService timers;
  private Optional<Future<?>> pending = Optional.empty();

  public Deadline(ScheduledExecutorService timers) {
    this.timers = timers;
  }

  /**
   * Keeps this time, and no other.
   *
   * @param missed runs on the timer thread and must only hand over
   */
  public void set(Duration in, Runnable missed) {
    clear();
    try {
      pending = Optional.of(timers.schedule(missed, in.toMillis(), TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException closed) {
      log.debug("no time is kept any more: the backend is closed");
    }
  }

  /** Whether it was set and not cleared, missed or not. */
  public boolean isSet() {
    return pending.isPresent();
  }

  public void clear() {
    pending.ifPresent(future -> future.cancel(false));
    pending = Optional.empty();
  }
}
