package org.rayo.media.detect;

import org.rayo.media.audio.Levels;

/**
 * Measures how much of a stretch of 20 ms is one sine, and which. For one thread; allocates nothing
 * once made.
 */
final class ToneMeter {
  private final int sampleRateHz;
  private double meanSquare;
  private double purity;
  private double hertz;
  private double firstCos;
  private double firstSin;

  ToneMeter(int sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
  }

  /**
   * Measures a stretch.
   *
   * @param length an even number
   */
  void measure(short[] block, int length) {
    meanSquare = Levels.meanSquare(block, 0, length);
    purity = 0;
    hertz = 0;
    if (meanSquare < 1) {
      return;
    }
    double coarse = coarse(block, length);
    if (coarse <= 0) {
      return;
    }
    // Over how much its phase turns more than expected, between the halves, the frequency is off.
    int half = length / 2;
    half(block, 0, half, coarse);
    double cos = firstCos;
    double sin = firstSin;
    half(block, half, half, coarse);
    double turned = Math.atan2(cos * firstSin - sin * firstCos, cos * firstCos + sin * firstSin);
    hertz = coarse + turned * sampleRateHz / (2 * Math.PI * half);
    double amplitude = Math.hypot(cos, sin) + Math.hypot(firstCos, firstSin);
    purity = Math.min(1, 2 * amplitude * amplitude / ((double) length * length * meanSquare));
  }

  /** As of {@link Levels#meanSquare}. */
  double meanSquare() {
    return meanSquare;
  }

  /** The sine's part of the power, 0 to 1. */
  double purity() {
    return purity;
  }

  /** The sine's frequency; 0 when there is nothing. */
  double hertz() {
    return hertz;
  }

  /** By how samples resemble those one and two before; white noise does not matter (Pisarenko). */
  private double coarse(short[] block, int length) {
    double one = 0;
    double two = 0;
    for (int i = 2; i < length; i++) {
      one += (double) block[i] * block[i - 1];
      two += (double) block[i] * block[i - 2];
    }
    if (one == 0) {
      return sampleRateHz / 4.0;
    }
    double cosine = (two + Math.sqrt(two * two + 8 * one * one)) / (4 * one);
    return Math.abs(cosine) >= 1 ? 0 : Math.acos(cosine) * sampleRateHz / (2 * Math.PI);
  }

  /** The block's part at this frequency, its phase counted from the block's first sample. */
  private void half(short[] block, int from, int length, double hertz) {
    double turn = 2 * Math.PI * hertz / sampleRateHz;
    double stepCos = Math.cos(turn);
    double stepSin = Math.sin(turn);
    double cos = Math.cos(turn * from);
    double sin = Math.sin(turn * from);
    firstCos = 0;
    firstSin = 0;
    for (int i = from; i < from + length; i++) {
      firstCos += block[i] * cos;
      firstSin -= block[i] * sin;
      double nextCos = cos * stepCos - sin * stepSin;
      sin = sin * stepCos + cos * stepSin;
      cos = nextCos;
    }
  }
}
