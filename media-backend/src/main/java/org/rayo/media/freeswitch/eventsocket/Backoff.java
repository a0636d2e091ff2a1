package org.rayo.media.freeswitch.eventsocket;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses between attempts: each twice as long as the one before, a fifth more or less. */
final class Backoff {

  private static final double JITTER = 0.2;

  private final long first;
  private final long last;
  private long next;

  Backoff(Duration first, Duration last) {
    this.first = first.toNanos();
    this.last = last.toNanos();
    this.next = this.first;
  }

  /** The pause before the next attempt, in nanoseconds. */
  long next() {
    long pause = jittered(next);
    next = Math.min(last, next * 2);
    return pause;
  }

  /** The longest pause, for what will not mend itself soon. */
  long longest() {
    next = last;
    return jittered(last);
  }

  void reset() {
    next = first;
  }

  private static long jittered(long nanos) {
    return (long) (nanos * (1 - JITTER + 2 * JITTER * ThreadLocalRandom.current().nextDouble()));
  }
}
