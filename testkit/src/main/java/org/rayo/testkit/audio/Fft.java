package org.rayo.testkit.audio;

/** A discrete Fourier transform in place, for lengths that are powers of two. */
final class Fft {

  private Fft() {}

  /** The smallest power of two that is not below {@code length}. */
  static int sizeFor(int length) {
    return Integer.highestOneBit(Math.max(1, length - 1)) << 1;
  }

  /** Transforms; the inverse is not scaled. */
  static void transform(double[] re, double[] im, boolean inverse) {
    int n = re.length;
    for (int i = 1, j = 0; i < n; i++) {
      int bit = n >> 1;
      for (; (j & bit) != 0; bit >>= 1) {
        j ^= bit;
      }
      j ^= bit;
      if (i < j) {
        swap(re, i, j);
        swap(im, i, j);
      }
    }
    for (int length = 2; length <= n; length <<= 1) {
      double angle = 2 * Math.PI / length * (inverse ? 1 : -1);
      int half = length / 2;
      double[] cos = new double[half];
      double[] sin = new double[half];
      for (int k = 0; k < half; k++) {
        cos[k] = Math.cos(angle * k);
        sin[k] = Math.sin(angle * k);
      }
      for (int start = 0; start < n; start += length) {
        for (int k = 0; k < half; k++) {
          int a = start + k;
          int b = a + half;
          double r = re[b] * cos[k] - im[b] * sin[k];
          double i = re[b] * sin[k] + im[b] * cos[k];
          re[b] = re[a] - r;
          im[b] = im[a] - i;
          re[a] += r;
          im[a] += i;
        }
      }
    }
  }

  private static void swap(double[] values, int i, int j) {
    double kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }
}
