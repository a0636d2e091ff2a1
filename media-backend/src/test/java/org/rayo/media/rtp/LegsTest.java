package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.G711;

/**
 * An hour of a call on a virtual clock, both legs as a tap sees them: what arrives and what is sent
 * at the same time is in the same place of a recording.
 */
class LegsTest {
  private static final long HOUR = 3600 * Simulation.SECOND;
  private static final long MILLIS = 1_000_000;
  private static final long PATH = 30 * MILLIS;
  private static final int CLIP = 8000;
  private static final int PROBE = 24;

  /** Played to the caller: of a stretch of a few samples everybody knows where it is from. */
  private static byte playedCode(long i) {
    long mixed = (i + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return (byte) ((mixed >>> 33) % 120);
  }

  /** Finds in every frame where both legs are from, and compares. */
  private static final class Comparison implements FrameTap {
    private final Simulation sender;
    private long place;
    private long frames;
    private long compared;
    private long saidFrom = Long.MIN_VALUE;
    private long heardFrom;
    private boolean heardKnown;
    private double earliest = Double.MAX_VALUE;
    private double latest = -Double.MAX_VALUE;

    Comparison(Simulation sender) {
      this.sender = sender;
    }

    @Override
    public void frame(short[] send, short[] recv, int length) {
      for (int i = 0; i < length && saidFrom == Long.MIN_VALUE; i++) {
        // The first packet is never lost.
        saidFrom = send[i] == 0 ? saidFrom : place + i;
      }
      if (isSaid(send) && isHeard(recv) && frames > 250) {
        compared++;
        // What is said is here when its packet is; what is heard is gone with the tick's packet.
        double arrived = (sender.spoken(place - saidFrom) + PATH) / 125_000.0 + 160;
        double sent = place - heardFrom + 160;
        earliest = Math.min(earliest, sent - arrived);
        latest = Math.max(latest, sent - arrived);
      }
      place += length;
      frames++;
    }

    private boolean isSaid(short[] send) {
      for (int i = 0; i < PROBE; i++) {
        if (send[i] != G711.MU_LAW.decode(Simulation.code(place - saidFrom + i))) {
          return false;
        }
      }
      return true;
    }

    /** A frame in which this leg was stretched by a sample is like none that was played. */
    private boolean isHeard(short[] recv) {
      int reach = heardKnown ? 200 : 4000;
      for (int shift = 0; shift <= reach; shift++) {
        for (int sign = -1; sign <= 1; sign += 2) {
          long from = heardFrom + (long) sign * shift;
          if (place >= from && matches(recv, place - from)) {
            heardFrom = from;
            heardKnown = true;
            return true;
          }
        }
      }
      return false;
    }

    private static boolean matches(short[] recv, long from) {
      for (int i = 0; i < PROBE; i++) {
        if (recv[i] != G711.MU_LAW.decode(playedCode(from + i))) {
          return false;
        }
      }
      return true;
    }
  }

  @ParameterizedTest
  @CsvSource({"200, 3, 40", "-200, 3, 40", "200, 3, 0", "-200, 3, 0", "0, 0, 0", "100, 10, 80"})
  void hour_ofSkewLossAndJitter_keepsTheLegsWithinAFrame(
      double ppm, int lossPercent, int jitterMillis) {
    int[] sent = {0};
    Simulation sender =
        new Simulation(
            17,
            ppm,
            random ->
                sent[0]++ > 0 && random.nextInt(100) < lossPercent
                    ? -1
                    : PATH + (long) (random.nextDouble() * jitterMillis * MILLIS));
    Comparison comparison = new Comparison(sender);
    Legs legs = new Legs(new PlayoutClock(480, 1600), new Tally(), (digit, held) -> {}, comparison);
    legs.receiving().expect(0, G711.MU_LAW, OptionalInt.empty(), 0);
    ByteBuffer packet = ByteBuffer.allocate(200);
    long spoken = 0;
    long played = 0;
    for (long now = 0; now < HOUR; now += Simulation.SECOND) {
      short[] clip = new short[CLIP];
      for (int i = 0; i < CLIP; i++) {
        clip[i] = G711.MU_LAW.decode(playedCode(played + i));
      }
      played += CLIP;
      legs.play(clip, () -> {});
      while (sender.spoken(spoken + 160) < now + Simulation.SECOND) {
        sender.speak(spoken, 160);
        spoken += 160;
      }
      sender.runLegs(
          now + Simulation.SECOND,
          legs,
          () -> {
            legs.next();
            packet.clear();
            legs.packet(packet, G711.MU_LAW, 0);
          });
    }
    System.out.printf(
        "figure: legs, %.0f ppm, %d %% loss, %d ms jitter, one hour: what is heard is %.1f to %.1f ms"
            + " after what is said, in %d of %d frames%n",
        ppm,
        lossPercent,
        jitterMillis,
        comparison.earliest / 8,
        comparison.latest / 8,
        comparison.compared,
        comparison.frames);
    assertThat(comparison.compared).isGreaterThan(comparison.frames / 2);
    assertThat(comparison.earliest).isGreaterThan(-80);
    assertThat(comparison.latest).isLessThan(80);
  }
}
