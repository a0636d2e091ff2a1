package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.audio.G711;

/** Senders that fall silent, for seconds or an hour, with clocks that are not ours. */
class ReceiveStreamStopsTest {
  private static final double MILLI = 1e6;
  private static final int PACKET = 160;

  /** One call: what is spoken is looked for where the sender's clock says. */
  private static final class Call implements Simulation.Frames {
    private record Spurt(long first, long end) {}

    private final ArrayDeque<Spurt> spurts = new ArrayDeque<>();
    private final Simulation simulation;
    private long spoken;
    private long position;
    private long offset = Long.MIN_VALUE;
    private long wrong;

    Call(double ppm, Simulation.Network path) {
      simulation = new Simulation(5, ppm, path);
    }

    @Override
    public void frame(long due, short[] samples, int length) {
      for (int i = 0; i < length; i++, position++) {
        if (offset == Long.MIN_VALUE && samples[i] != 0) {
          offset = position;
        }
        long at = position - offset;
        while (!spurts.isEmpty() && spurts.getFirst().end() <= at) {
          spurts.remove();
        }
        boolean speech = !spurts.isEmpty() && spurts.getFirst().first() <= at;
        if (offset != Long.MIN_VALUE
            && speech
            && samples[i] != G711.MU_LAW.decode(Simulation.code(at))) {
          wrong++;
        }
      }
    }

    void speak(double seconds) {
      long until = spoken + Math.round(seconds * 50) * PACKET;
      spurts.add(new Spurt(spoken, until));
      while (spoken < until) {
        simulation.speak(spoken, PACKET);
        spoken += PACKET;
        if (spoken % 8000 == 0) {
          simulation.run(simulation.spoken(spoken), this);
        }
      }
      simulation.run(simulation.spoken(spoken), this);
    }

    void pause(double seconds) {
      spoken += Math.round(seconds * 50) * PACKET;
      simulation.run(simulation.spoken(spoken), this);
    }

    /** Milliseconds that were given more than the sender's clock showed at the last tick. */
    double error() {
      long lastTick = simulation.spoken(spoken) / Simulation.TICK * Simulation.TICK;
      return (simulation.delivered - simulation.senderClock(lastTick)) / 8.0;
    }
  }

  private static Simulation.Network jitter(int millis) {
    return random -> Math.round((30 + random.nextDouble() * millis) * MILLI);
  }

  @ParameterizedTest
  @CsvSource({
    "600, 200, 0",
    "600, -200, 0",
    "600, 200, 60",
    "600, -200, 60",
    "3600, 200, 0",
    "3600, -200, 0",
    "3600, 200, 60",
    "3600, -200, 60",
    "3600, 0, 60"
  })
  void stop_long_losesNoSpeechAndKeepsTheSendersTime(int seconds, double ppm, int jitterMillis) {
    Call call = new Call(ppm, jitter(jitterMillis));
    call.speak(20);
    call.pause(seconds);
    double during = call.error();
    call.speak(10);
    System.out.printf(
        "stop of %d s, %.0f ppm, jitter %d ms: %.2f ms in the stop, %.2f ms after it, wrong %d, %s%n",
        seconds,
        ppm,
        jitterMillis,
        during,
        call.error(),
        call.wrong,
        call.simulation.tally.snapshot());
    assertThat(call.wrong).isZero();
    assertThat(call.simulation.tally.snapshot().late()).isZero();
    assertThat(call.error()).isBetween(-20.0, 20.0);
    // The bound that is documented: 250 ppm of a stop, and what the clocks differ.
    assertThat(during).isBetween(-(450e-6 * seconds * 1000 + 20), 0.0);
  }

  @ParameterizedTest
  @CsvSource({"200, 0", "-200, 0", "200, 60", "-200, 60", "0, 60"})
  void silenceSuppression_forAnHour_losesNoSpeechAndKeepsTheSendersTime(
      double ppm, int jitterMillis) {
    Call call = new Call(ppm, jitter(jitterMillis));
    Random random = new Random(9);
    // The jitter becomes known in the first seconds.
    call.speak(20);
    while (call.spoken < 3600 * 8000L) {
      call.pause(0.1 + random.nextDouble() * (random.nextInt(10) == 0 ? 30 : 3));
      call.speak(0.2 + random.nextDouble() * 4);
    }
    call.speak(5);
    System.out.printf(
        "an hour of talkspurts, %.0f ppm, jitter %d ms: %.2f ms, wrong %d, %s%n",
        ppm, jitterMillis, call.error(), call.wrong, call.simulation.tally.snapshot());
    assertThat(call.wrong).isZero();
    assertThat(call.simulation.tally.snapshot().late()).isZero();
    assertThat(call.error()).isBetween(-20.0, 20.0);
  }

  @Test
  void stop_thenASlowerPath_losesNoSpeech() {
    double[] delay = {30};
    Call call = new Call(0, random -> Math.round((delay[0] + random.nextDouble() * 20) * MILLI));
    call.speak(10);
    call.pause(5);
    delay[0] = 330;
    call.speak(10);
    call.pause(3);
    assertThat(call.simulation.tally.snapshot().late()).isZero();
    assertThat(call.simulation.tally.snapshot().concealedSamples()).isLessThan(1500);
  }

  @Test
  void stop_atTheEnd_whatIsOwedIsDrained() {
    Call call = new Call(0, jitter(0));
    call.speak(10);
    call.pause(600);
    double owed = -call.error();
    long drained = 0;
    short[] to = new short[PlayoutClock.MAX_FRAME];
    for (int n = call.simulation.receiver.drain(to);
        n > 0;
        n = call.simulation.receiver.drain(to)) {
      drained += n;
    }
    assertThat(owed).isBetween(149.0, 151.0);
    assertThat(drained / 8.0).isEqualTo(owed);
  }
}
