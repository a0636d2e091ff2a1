package org.rayo.media.audio;

/** A filter of second order, sample by sample. */
final class Biquad {
  /** A state below this is nothing; left alone it would become too small to be computed fast. */
  private static final double NOTHING = 1e-12;

  private final double b0;
  private final double b1;
  private final double b2;
  private final double a1;
  private final double a2;
  private double first;
  private double second;

  private Biquad(double b0, double b1, double b2, double a1, double a2) {
    this.b0 = b0;
    this.b1 = b1;
    this.b2 = b2;
    this.a1 = a1;
    this.a2 = a2;
  }

  /**
   * Lets pass what is above a frequency.
   *
   * @param cornerHz below half the rate
   * @param quality 0.707 for a maximally flat one
   */
  static Biquad highPass(double cornerHz, double quality, int sampleRateHz) {
    double cos = Math.cos(2 * Math.PI * cornerHz / sampleRateHz);
    double alpha = Math.sin(2 * Math.PI * cornerHz / sampleRateHz) / (2 * quality);
    double gain = (1 + cos) / 2 / (1 + alpha);
    return new Biquad(gain, -2 * gain, gain, -2 * cos / (1 + alpha), (1 - alpha) / (1 + alpha));
  }

  /** Lets pass what is below a frequency; as {@link #highPass}. */
  static Biquad lowPass(double cornerHz, double quality, int sampleRateHz) {
    double cos = Math.cos(2 * Math.PI * cornerHz / sampleRateHz);
    double alpha = Math.sin(2 * Math.PI * cornerHz / sampleRateHz) / (2 * quality);
    double gain = (1 - cos) / 2 / (1 + alpha);
    return new Biquad(gain, 2 * gain, gain, -2 * cos / (1 + alpha), (1 - alpha) / (1 + alpha));
  }

  /**
   * Takes one frequency out; as {@link #highPass}, and the higher the quality the less beside it.
   */
  static Biquad notch(double centreHz, double quality, int sampleRateHz) {
    double cos = Math.cos(2 * Math.PI * centreHz / sampleRateHz);
    double alpha = Math.sin(2 * Math.PI * centreHz / sampleRateHz) / (2 * quality);
    double gain = 1 / (1 + alpha);
    return new Biquad(gain, -2 * cos * gain, gain, -2 * cos * gain, (1 - alpha) * gain);
  }

  double filter(double sample) {
    double filtered = b0 * sample + first;
    first = b1 * sample - a1 * filtered + second;
    second = b2 * sample - a2 * filtered;
    return filtered;
  }

  /** Call it now and then: after a sound has died away the filter rests. */
  void settle() {
    if (Math.abs(first) < NOTHING && Math.abs(second) < NOTHING) {
      first = 0;
      second = 0;
    }
  }
}
