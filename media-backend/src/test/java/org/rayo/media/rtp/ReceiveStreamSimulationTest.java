package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.audio.G711;

/** An hour of a call on a virtual clock, with everything that a network does to it. */
class ReceiveStreamSimulationTest {
  private static final long HOUR = 3600 * Simulation.SECOND;
  private static final long MILLIS = 1_000_000;

  /** Finds every delivered sample on the sender's timeline and counts what does not fit. */
  private static final class Checker implements Simulation.Frames {
    private long position;
    private long offset = Long.MIN_VALUE;
    private long wrong;
    private long lagMin = Long.MAX_VALUE;
    private long lagMax = Long.MIN_VALUE;
    private final Simulation simulation;

    Checker(Simulation simulation) {
      this.simulation = simulation;
    }

    @Override
    public void frame(long due, short[] samples, int length) {
      for (int i = 0; i < length; i++, position++) {
        if (offset == Long.MIN_VALUE) {
          if (samples[i] == 0) {
            continue;
          }
          offset = position;
        }
        if (samples[i] != G711.MU_LAW.decode(Simulation.code(position - offset))) {
          wrong++;
        }
      }
      if (offset != Long.MIN_VALUE && due > 5 * Simulation.SECOND) {
        long lag = simulation.senderClock(due) - (position - offset);
        lagMin = Math.min(lagMin, lag);
        lagMax = Math.max(lagMax, lag);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, 0, 0, 0, 160",
    "-200, 0, 0, 0, 160",
    "0, 0, 0, 0, 160",
    "200, 1, 20, 0, 160",
    "-200, 1, 20, 0, 160",
    "200, 5, 80, 2, 160",
    "-200, 5, 80, 2, 160",
    "200, 3, 80, 1, 80",
    "-200, 3, 80, 1, 240",
    "200, 3, 80, 1, 320",
    "-200, 3, 80, 1, 480",
    "150, 2, 40, 1, 139",
  })
  void hour_ofSkewLossAndJitter_keepsTheSendersTime(
      double ppm, int lossPercent, int jitterMillis, int duplicatePercent, int length) {
    boolean[] begun = {false};
    Simulation.Network path =
        random -> {
          // The first packet is never lost, so that the checker knows where the timeline begins.
          boolean lost = random.nextInt(100) < lossPercent && begun[0];
          begun[0] = true;
          return lost ? -1 : 30 * MILLIS + (long) (random.nextDouble() * jitterMillis * MILLIS);
        };
    Simulation simulation = new Simulation(7 + length, ppm, path);
    simulation.duplicatePercent = duplicatePercent;
    Checker checker = new Checker(simulation);
    long spoken = 0;
    for (long now = 0; now < HOUR; now += Simulation.SECOND) {
      while (simulation.spoken(spoken + length) < now + Simulation.SECOND) {
        simulation.speak(spoken, length);
        spoken += length;
      }
      simulation.run(now + Simulation.SECOND, checker);
    }
    RtpCounters counters = simulation.tally.snapshot();
    double errorMillis = (simulation.delivered - simulation.senderClock(HOUR)) / 8.0;
    System.out.printf(
        "%4.0f ppm, %d %% lost, %d ms jitter, %d samples a packet: error %.2f ms, lag %.1f-%.1f ms,"
            + " frames of %d-%d, wrong %d, %s%n",
        ppm,
        lossPercent,
        jitterMillis,
        length,
        errorMillis,
        checker.lagMin / 8.0,
        checker.lagMax / 8.0,
        simulation.shortest,
        simulation.longest,
        checker.wrong,
        counters);
    assertThat(errorMillis).as("of duration, after an hour").isBetween(-20.0, 20.0);
    assertThat(checker.lagMax - checker.lagMin).as("movement of the leg").isLessThan(160);
    assertThat(counters.late()).as("late").isLessThan(20);
    long missing = (counters.lost() + counters.late()) * length;
    assertThat(checker.wrong).as("samples not the sender's").isLessThanOrEqualTo(missing);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1_000_000, 100_000, 5000, -5000, -100_000, -500_000})
  void timestampsOfAnotherSpeed_makeTheCallNeitherLongerNorShorter(double ppm) {
    Simulation simulation = new Simulation(3, ppm, random -> 30 * MILLIS);
    long spoken = 0;
    for (long now = 0; now < HOUR / 4; now += Simulation.SECOND) {
      while (simulation.spoken(spoken + 160) < now + Simulation.SECOND) {
        simulation.speak(spoken, 160);
        spoken += 160;
      }
      simulation.run(now + Simulation.SECOND, (due, samples, length) -> {});
    }
    long wall = HOUR / 4 / 125_000;
    System.out.printf(
        "%8.0f ppm: %.2f s in %d s, %s%n",
        ppm, simulation.delivered / 8000.0, wall / 8000, simulation.tally.snapshot());
    assertThat(simulation.delivered).isBetween(wall - wall / 1000 - 1768, wall + wall / 1000 + 808);
  }
}
