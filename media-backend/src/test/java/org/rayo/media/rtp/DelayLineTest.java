package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayLineTest {
  private final short[] in = new short[160];
  private final short[] out = new short[PlayoutClock.MAX_FRAME];

  @Test
  void samples_withoutDrift_comeOutExactlyAfterTheDelay() {
    DelayLine line = new DelayLine(800);
    for (int frame = 0; frame < 100; frame++) {
      for (int i = 0; i < 160; i++) {
        in[i] = (short) (frame * 160 + i + 1);
      }
      line.push(in, 160);
      line.pull(out, 160, 800);
      for (int i = 0; i < 160; i++) {
        int expected = frame * 160 + i + 1 - 800;
        assertThat(out[i]).isEqualTo((short) Math.max(0, expected));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {200, -200, 0})
  void legs_anHourOfSkewAndJitter_stayTogether(double ppm) {
    Simulation simulation =
        new Simulation(21, ppm, random -> (long) (random.nextDouble() * 60_000_000));
    DelayLine line = new DelayLine(simulation.receiver.delay());
    long[] worst = {0};
    long[] roughest = {0};
    long[] ticks = {0};
    short[] last = {0};
    long spoken = 0;
    for (long now = 0; now < 3600 * Simulation.SECOND; now += Simulation.SECOND) {
      while (simulation.spoken(spoken + 160) < now + Simulation.SECOND) {
        simulation.speak(spoken, 160);
        spoken += 160;
      }
      simulation.run(
          now + Simulation.SECOND,
          (due, said, length) -> {
            for (int i = 0; i < 160; i++) {
              in[i] = (short) (8000 * Math.sin(2 * Math.PI * 400 * (ticks[0] * 160 + i) / 8000));
            }
            ticks[0]++;
            line.push(in, 160);
            line.pull(out, length, simulation.receiver.delay());
            for (int i = 0; i < length; i++) {
              roughest[0] = Math.max(roughest[0], Math.abs(out[i] - last[0]));
              last[0] = out[i];
            }
            if (due > 30 * Simulation.SECOND) {
              long apart = line.in() - line.out() - simulation.receiver.delay();
              worst[0] = Math.max(worst[0], Math.abs(apart));
            }
          });
    }
    System.out.printf(
        "%4.0f ppm: legs at most %.2f ms apart in an hour, steepest step %d of 2500%n",
        ppm, worst[0] / 8.0, roughest[0]);
    assertThat(worst[0]).as("samples apart").isLessThan(80);
    // 8000 · 2π · 400/8000 is the steepest step of the tone: a cut or a repeat would be more.
    assertThat(roughest[0]).isLessThan(2600);
  }
}
