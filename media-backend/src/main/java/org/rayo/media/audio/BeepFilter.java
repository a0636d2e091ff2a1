package org.rayo.media.audio;

/**
 * Takes the frequency of {@link Tones#beep} out of a sound, so that what else there is can be
 * heard. Allocates nothing but itself.
 */
public final class BeepFilter {

  /** 300 Hz are missing around it, and it has settled after some milliseconds. */
  private static final double QUALITY = 3.3;

  /** What is not heard anyway needs no filter. */
  private static final double INAUDIBLE = Levels.meanSquareOf(-51);

  /** 6 dB: even a beep that has been through a bad codec stands out so far. */
  private static final double DOMINANT = 4;

  private final Biquad notch;

  /**
   * @param sampleRateHz at least 4,000
   */
  public BeepFilter(int sampleRateHz) {
    notch = Biquad.notch(Tones.BEEP_HZ, QUALITY, sampleRateHz);
  }

  /**
   * Filters the next stretch of sound.
   *
   * @param rest what is left of it, from 0
   * @return whether the beep was so much louder than everything else in it that the rest tells
   *     nothing
   */
  public boolean filter(short[] samples, int offset, int length, short[] rest) {
    double whole = 0;
    double other = 0;
    for (int i = 0; i < length; i++) {
      double sample = samples[offset + i];
      double left = notch.filter(sample);
      whole += sample * sample;
      other += left * left;
      rest[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(left)));
    }
    notch.settle();
    return whole >= INAUDIBLE * length && whole >= (1 + DOMINANT) * other;
  }
}
