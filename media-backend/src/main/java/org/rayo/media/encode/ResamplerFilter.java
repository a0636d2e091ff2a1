package org.rayo.media.encode;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The low pass between two sample rates, in all the phases in which it is needed: a sinc under a
 * Kaiser window. Phase p lies p / {@link #up} after a sample of the input.
 *
 * <p>Immutable, and the same for all streams of two rates.
 */
final class ResamplerFilter {

  private static final double STOP_BAND_DB = 84;
  private static final double PASSED = 0.85;

  /** Odd rates, and too many, are computed anew: whoever sends files must not fill the memory. */
  private static final int MAX_KNOWN = 64;

  private static final int MAX_KNOWN_COEFFICIENTS = 1 << 18;

  private static final Map<Long, ResamplerFilter> KNOWN = new ConcurrentHashMap<>();

  private final int up;
  private final int down;
  private final int taps;
  private final float[] coefficients;

  private ResamplerFilter(int inHz, int outHz) {
    int common = BigInteger.valueOf(inHz).gcd(BigInteger.valueOf(outHz)).intValueExact();
    up = outHz / common;
    down = inHz / common;
    // Everything in parts of the input's rate.
    double lower = (double) Math.min(inHz, outHz) / inHz;
    double transition = (1 - PASSED) * lower / 2;
    double cutoff = (1 + PASSED) / 2 * lower / 2;
    int half = (int) Math.ceil((STOP_BAND_DB - 7.95) / (2.285 * 2 * Math.PI * transition) / 2) + 1;
    taps = 2 * half;
    coefficients = new float[up * taps];
    double beta = 0.1102 * (STOP_BAND_DB - 8.7);
    double[] row = new double[taps];
    for (int phase = 0; phase < up; phase++) {
      double sum = 0;
      for (int tap = 0; tap < taps; tap++) {
        double distance = tap - (half - 1) - (double) phase / up;
        row[tap] = 2 * cutoff * sinc(2 * cutoff * distance) * kaiser(distance / half, beta);
        sum += row[tap];
      }
      for (int tap = 0; tap < taps; tap++) {
        coefficients[phase * taps + tap] = (float) (row[tap] / sum);
      }
    }
  }

  /** Between these rates, in Hz. */
  static ResamplerFilter of(int inHz, int outHz) {
    long rates = (long) inHz << 32 | outHz;
    ResamplerFilter known = KNOWN.get(rates);
    if (known != null) {
      return known;
    }
    ResamplerFilter made = new ResamplerFilter(inHz, outHz);
    if (KNOWN.size() < MAX_KNOWN && made.coefficients.length <= MAX_KNOWN_COEFFICIENTS) {
      KNOWN.put(rates, made);
    }
    return made;
  }

  /** Output samples for {@link #down} input samples. */
  int up() {
    return up;
  }

  /** Input samples for {@link #up} output samples. */
  int down() {
    return down;
  }

  /** Input samples that make one output sample. */
  int taps() {
    return taps;
  }

  /** The first input sample for an output sample that lies at or after this one. */
  long firstFor(long input) {
    return input - taps / 2 + 1;
  }

  /** Output samples that can be made when so many input samples are there. */
  long readyWith(long inputs) {
    // The last for which floor(n * down / up) + taps / 2 is still an input.
    long before = inputs - taps / 2;
    return before <= 0 ? 0 : (before * up + down - 1) / down;
  }

  /** One output sample, of the inputs from {@code at} on. */
  float sum(int phase, float[] inputs, int at) {
    float even = 0;
    float odd = 0;
    int row = phase * taps;
    for (int tap = 0; tap < taps; tap += 2) {
      even += coefficients[row + tap] * inputs[at + tap];
      odd += coefficients[row + tap + 1] * inputs[at + tap + 1];
    }
    return even + odd;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }

  private static double kaiser(double x, double beta) {
    return Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta);
  }

  /** The modified Bessel function of the first kind, of order zero, by its series. */
  private static double bessel(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > 1e-12 * sum; k++) {
      term *= x / (2 * k) * (x / (2 * k));
      sum += term;
    }
    return sum;
  }
}
