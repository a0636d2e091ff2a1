package org.rayo.media.audio;

import java.time.Duration;

/** Sounds that are computed. */
public final class Tones {

  static final double BEEP_HZ = 1000;
  private static final Duration BEEP_LENGTH = Duration.ofMillis(250);
  private static final double BEEP_PEAK_DBFS = -12;
  private static final Duration FADE = Duration.ofMillis(10);

  private Tones() {}

  /** What tells a caller that a recording begins or has ended: 1 kHz, 250 ms, peak −12 dBFS. */
  public static short[] beep(int sampleRateHz) {
    return sine(BEEP_HZ, BEEP_LENGTH, BEEP_PEAK_DBFS, FADE, sampleRateHz);
  }

  /**
   * A sine that starts and ends without a click.
   *
   * @param peakDbfs the level of its crests, at most 0
   * @param fade how long it takes to grow and to vanish; at most half the length is used
   */
  public static short[] sine(
      double frequencyHz, Duration length, double peakDbfs, Duration fade, int sampleRateHz) {
    int count = samples(length, sampleRateHz);
    int fadeCount = Math.min(samples(fade, sampleRateHz), count / 2);
    double peak = Short.MAX_VALUE * Math.pow(10, Math.min(0, peakDbfs) / 20);
    short[] tone = new short[count];
    for (int i = 0; i < count; i++) {
      int fromEdge = Math.min(i, count - 1 - i);
      double gain =
          fromEdge >= fadeCount ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * fromEdge / fadeCount);
      tone[i] =
          (short) Math.round(peak * gain * Math.sin(2 * Math.PI * frequencyHz * i / sampleRateHz));
    }
    return tone;
  }

  private static int samples(Duration length, int sampleRateHz) {
    return Math.toIntExact(length.toNanos() * sampleRateHz / 1_000_000_000L);
  }
}
