package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Senders that keep no time: what is delivered is as long as the call nevertheless. */
class RealTimeTest {
  private static final long MILLI = 1_000_000;

  /** Milliseconds that may be delivered in advance. */
  private static final double LEAD = 100;

  /** Milliseconds by which what is delivered may be behind: the buffer's largest delay. */
  private static final double LONGEST_DELAY = 220;

  private final Simulation simulation = new Simulation(7, 0, random -> 30 * MILLI);

  /** Sends samples of the sender's at a time of the network's choosing. */
  private void send(long first, int length, long millis) {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = Simulation.code(first + i);
    }
    simulation.put(0, false, simulation.timestamp + (int) first, payload, millis * MILLI);
  }

  private void runUntil(long millis) {
    simulation.run(millis * MILLI, (due, samples, length) -> {});
  }

  /** Milliseconds that were delivered in more than the time that has passed. */
  private double excess(long millis) {
    return simulation.delivered / 8.0 - millis;
  }

  private void assertRealTime(String what, long millis) {
    System.out.printf(
        "%s: %.0f ms more than the %d ms that passed; %s%n",
        what, excess(millis), millis, simulation.tally.snapshot());
    double drift = 1 + millis / 1000.0;
    assertThat(excess(millis)).as(what).isBetween(-LONGEST_DELAY - drift, LEAD + drift);
  }

  /** What is spoken in a stall comes at once at its end. */
  @ParameterizedTest
  @CsvSource({"3000, 10000", "1000, 2000", "500, 1000", "2500, 5000", "5000, 8000", "1900, 3000"})
  void burstAfterAStall_isNoLongerThanItTook(long stall, long every) {
    long total = 30_000;
    for (long at = 0; at < total; at += 20) {
      long end = at - at % every + every;
      boolean stalled = at >= 2000 && at >= end - stall;
      send(at * 8, 160, (stalled ? end : at) + 20);
    }
    runUntil(total);
    assertRealTime("stall of " + stall + " ms every " + every, total);
  }

  @ParameterizedTest
  @CsvSource({"10, 160", "40, 160", "3, 160", "5, 160", "30, 160", "20, 240"})
  void timestampsOfAnotherSpeed_areNoLongerThanTheyTook(int everyMillis, int samples) {
    long total = 20_000;
    long first = 0;
    for (long at = 0; at < total; at += everyMillis) {
      send(first, samples, at + everyMillis);
      first += samples;
    }
    runUntil(total);
    assertRealTime(samples + " samples every " + everyMillis + " ms", total);
  }

  @ParameterizedTest
  @CsvSource({"26", "80", "240", "480", "800"})
  void packetsOfAnyLength_areAsLongAsTheyTook(int samples) {
    long total = 20_000;
    for (long first = 0; first < total * 8; first += samples) {
      send(first, samples, (first + samples) / 8);
    }
    runUntil(total);
    assertRealTime("packets of " + samples + " samples", total);
  }

  @Test
  void afterTheBurst_speechIsHeardAtItsTime() {
    for (long at = 0; at < 20_000; at += 20) {
      boolean stalled = at >= 2000 && at < 5000;
      send(at * 8, 160, (stalled ? 5000 : at) + 20);
    }
    runUntil(20_000);
    assertRealTime("a stall of 3 s, and 15 s after it", 20_000);
    assertThat(simulation.receiver.delay()).isLessThan(8 * 400);
  }
}
