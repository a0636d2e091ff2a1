package org.rayo.server;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How long something commanded lasted, as far as a client can know it: not shorter than from the
 * answer to the first command to the sending of the last, nor longer than from the sending of the
 * first to the answer of the last.
 *
 * <p>What is recorded begins and ends with a frame, so each end may be off by one. A machine that
 * stands still delays commands and media in different ways: the server counts the ticks that came
 * late by more than a frame, and each may cost another.
 */
final class Elapsed {

  private static final double FRAME_MILLIS = 20;

  private final LongSupplier lateTicks;
  private final long lateBefore;
  private int ends;
  private double shortest;
  private double longest;

  /** A time that is to be measured. */
  Elapsed(Site site) {
    lateTicks = () -> site.server().figures().rtp().lateTicks();
    lateBefore = lateTicks.getAsLong();
  }

  /** When a command was sent, and when it was answered. */
  record Moment(long sentNanos, long answeredNanos) {}

  /** Runs a command. */
  static Moment of(Runnable command) {
    long sent = System.nanoTime();
    command.run();
    return new Moment(sent, System.nanoTime());
  }

  /** What lasted from one command to another counts too. */
  Elapsed plus(Moment from, Moment to) {
    ends += 2;
    shortest += (to.sentNanos - from.answeredNanos) / 1e6;
    longest += (to.answeredNanos - from.sentNanos) / 1e6;
    return this;
  }

  /** How much a length in whole milliseconds is too short (below 0) or too long for it. */
  double error(long millis) {
    return error((double) millis);
  }

  /** How much a length in milliseconds is too short (below 0) or too long for it. */
  double error(double millis) {
    return millis < shortest ? millis - shortest : Math.max(0, millis - longest);
  }

  /** The largest error that is allowed now, in milliseconds. */
  double tolerance() {
    return FRAME_MILLIS * (ends + lateTicks.getAsLong() - lateBefore);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f to %.0f ms", shortest, longest);
  }
}
