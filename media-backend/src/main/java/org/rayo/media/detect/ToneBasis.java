package org.rayo.media.detect;

import java.util.ArrayList;
import java.util.List;

/** Tells how much of a window's power is made of certain frequencies. Immutable. */
final class ToneBasis {
  private final double[][] vectors;

  /** Sines and cosines of these frequencies, made orthonormal. */
  ToneBasis(int sampleRateHz, int window, double... hertz) {
    List<double[]> made = new ArrayList<>();
    for (double frequency : hertz) {
      for (double phase : new double[] {0, Math.PI / 2}) {
        double[] vector = new double[window];
        for (int i = 0; i < window; i++) {
          vector[i] = Math.sin(phase + 2 * Math.PI * frequency * i / sampleRateHz);
        }
        for (double[] other : made) {
          double along = dot(vector, other);
          for (int i = 0; i < window; i++) {
            vector[i] -= along * other[i];
          }
        }
        double norm = Math.sqrt(dot(vector, vector));
        for (int i = 0; i < window; i++) {
          vector[i] /= norm;
        }
        made.add(vector);
      }
    }
    vectors = made.toArray(double[][]::new);
  }

  /** The sum of the squares of what is of these frequencies. */
  double energy(double[] window) {
    double energy = 0;
    for (double[] vector : vectors) {
      double along = dot(window, vector);
      energy += along * along;
    }
    return energy;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
