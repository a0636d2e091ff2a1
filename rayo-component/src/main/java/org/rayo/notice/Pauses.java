package org.rayo.notice;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after failures: each time twice as long up to a limit, and each pause shortened
 * by a random part of up to a half, so that not all are tried again at the same moment.
 */
record Pauses(Duration first, Duration last) {

  /** Of a receiver that is asked for days. */
  static final Pauses STANDARD = new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(10));

  /** After this many doublings any first pause is longer than any last one. */
  private static final int MOST_DOUBLINGS = 30;

  /**
   * The pause after the last of some failures.
   *
   * @param failures at least 1
   */
  Duration after(int failures) {
    int doublings = Math.min(failures - 1, MOST_DOUBLINGS);
    Duration grown = first.multipliedBy(1L << doublings);
    Duration pause = grown.compareTo(last) > 0 ? last : grown;
    double part = 1 - ThreadLocalRandom.current().nextDouble() / 2;
    return Duration.ofNanos((long) (pause.toNanos() * part));
  }
}
