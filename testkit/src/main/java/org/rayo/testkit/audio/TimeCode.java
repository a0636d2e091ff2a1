package org.rayo.testkit.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A tone that rises evenly, so that any piece of it tells when it was said.
 *
 * <p>What a recording holds can so be compared with what was said when, whatever commands, network
 * and machine did in between.
 */
public final class TimeCode {

  /** After so long the tone begins from below again. */
  public static final int PERIOD_MILLIS = 12_000;

  private static final double LOWEST_HZ = 400;
  private static final double HZ_PER_SECOND = 250;
  private static final double DBFS = -10;
  private static final int RATE = AudioSource.SAMPLE_RATE_HZ;
  private static final int PERIOD_SAMPLES = PERIOD_MILLIS * RATE / 1000;

  /** Pieces of this many samples are read, 20 ms apart. */
  private static final int WINDOW = 320;

  private static final int HOP = 160;

  /** A window that is no clear tone, or two pieces of it, is not read. */
  private static final double CLEAR_DB = 12;

  private static final double SAME_MILLIS = 12;

  /**
   * A part of a recording in which time went on evenly.
   *
   * @param from first sample read, to within a window
   * @param to first sample not read any more, to within a window
   * @param offsetMillis how much later in the source than in the recording it is, from 0 to below
   *     the period
   */
  public record Stretch(int from, int to, double offsetMillis) {
    /** The length in milliseconds, to within two windows. */
    public double millis() {
      return (to - from) * 1000.0 / RATE;
    }

    /** How much of the source is left out between this and a later stretch; below half a period. */
    public double leftOutBefore(Stretch later) {
      return shortestWay(later.offsetMillis - offsetMillis);
    }
  }

  private TimeCode() {}

  /** The tone, for ever. */
  public static AudioSource source() {
    double amplitude = Short.MAX_VALUE * Math.pow(10, DBFS / 20);
    return AudioSource.of(
        AudioSource.ENDLESS,
        index -> {
          double t = (double) (index % PERIOD_SAMPLES) / RATE;
          double turns = LOWEST_HZ * t + HZ_PER_SECOND * t * t / 2;
          return (short) Math.round(amplitude * Math.sin(2 * Math.PI * turns));
        });
  }

  /** A window, and how much later in the source than in the recording it is. */
  private record Reading(int at, double offsetMillis) {}

  /**
   * What of the source is heard where, in order. Pieces of less than 100 ms are left out, and what
   * cannot be read, as in place of a lost packet, ends a stretch only where time leaps.
   */
  public static List<Stretch> read(short[] pcm) {
    List<Stretch> stretches = new ArrayList<>();
    List<Reading> open = new ArrayList<>();
    for (int at = 0; at + WINDOW <= pcm.length; at += HOP) {
      OptionalDouble heard = millisOf(Arrays.copyOfRange(pcm, at, at + WINDOW));
      if (heard.isEmpty()) {
        continue;
      }
      double offset = positive(heard.getAsDouble() - (at + WINDOW / 2) * 1000.0 / RATE);
      if (!open.isEmpty()
          && Math.abs(shortestWay(offset - open.get(open.size() - 1).offsetMillis)) > SAME_MILLIS) {
        addIfLong(stretches, open);
        open.clear();
      }
      open.add(new Reading(at, offset));
    }
    addIfLong(stretches, open);
    return stretches;
  }

  private static void addIfLong(List<Stretch> stretches, List<Reading> readings) {
    if (readings.size() < 5) {
      return;
    }
    Reading first = readings.get(0);
    Reading last = readings.get(readings.size() - 1);
    double mean =
        readings.stream()
            .mapToDouble(r -> shortestWay(r.offsetMillis - first.offsetMillis))
            .average()
            .orElseThrow();
    Stretch read = new Stretch(first.at, last.at + WINDOW, positive(first.offsetMillis + mean));
    int before = stretches.size() - 1;
    if (before >= 0 && Math.abs(stretches.get(before).leftOutBefore(read)) < SAME_MILLIS) {
      Stretch joined = stretches.get(before);
      stretches.set(before, new Stretch(joined.from, read.to, joined.offsetMillis));
    } else {
      stretches.add(read);
    }
  }

  /** When a piece was said, in milliseconds from a beginning of the period. */
  private static OptionalDouble millisOf(short[] window) {
    return ToneMeter.dominant(window, RATE)
        .filter(tone -> tone.snrDb() > CLEAR_DB && tone.levelDbfs() > DBFS - 6)
        .map(tone -> (tone.frequencyHz() - LOWEST_HZ) / HZ_PER_SECOND * 1000)
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  private static double positive(double millis) {
    return ((millis % PERIOD_MILLIS) + PERIOD_MILLIS) % PERIOD_MILLIS;
  }

  private static double shortestWay(double millis) {
    double way = positive(millis);
    return way > PERIOD_MILLIS / 2.0 ? way - PERIOD_MILLIS : way;
  }
}
