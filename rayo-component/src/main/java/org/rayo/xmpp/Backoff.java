package org.rayo.xmpp;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between tries: each twice the last up to a limit, and each shortened by a random part
 * of up to a half, so that components of one server do not all come back at the same moment. Not
 * thread safe.
 */
final class Backoff {
  private final Duration min;
  private final Duration max;
  private final RandomGenerator random;
  private Duration next;

  Backoff(Duration min, Duration max, RandomGenerator random) {
    this.min = min;
    this.max = max;
    this.random = random;
    this.next = min;
  }

  /** The pause after one more failure. */
  Duration next() {
    Duration pause = next;
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(max) > 0 ? max : twice;
    return jittered(pause);
  }

  /** The longest pause, for what will not pass by itself. */
  Duration longest() {
    return jittered(max);
  }

  /** A try succeeded. */
  void reset() {
    next = min;
  }

  private Duration jittered(Duration pause) {
    return Duration.ofNanos((long) (pause.toNanos() * (1 - random.nextDouble() / 2)));
  }
}
