package org.rayo.testkit.audio;

/**
 * How well a recording agrees with what was sent, and where it starts.
 *
 * <p>The coefficient does not depend on levels: 1 for the same signal, about 0 for another. Speech
 * that went through G.711 and a telephone-band MP3 stays above 0.9.
 *
 * @param lagSamples where in the recording the first sample of the reference is; negative if the
 *     recording begins later in it
 * @param coefficient from -1 to 1, over the part where the two overlap
 */
public record Correlation(int lagSamples, double coefficient) {

  /** At least half of the shorter signal has to overlap, else chance would look like agreement. */
  private static final int LEAST_OVERLAP_DIVISOR = 2;

  /** The best agreement of two signals of the same rate. */
  public static Correlation best(short[] recorded, short[] reference) {
    int shorter = Math.min(recorded.length, reference.length);
    if (shorter == 0) {
      throw new IllegalArgumentException("nothing to compare");
    }
    int size = Fft.sizeFor(recorded.length + reference.length);
    double[] products = products(recorded, reference, size);
    double[] recordedEnergy = energyUpTo(recorded);
    double[] referenceEnergy = energyUpTo(reference);
    int least = Math.max(1, shorter / LEAST_OVERLAP_DIVISOR);
    Correlation best = new Correlation(0, -1);
    for (int lag = least - reference.length; lag <= recorded.length - least; lag++) {
      int from = Math.max(0, lag);
      int to = Math.min(recorded.length, lag + reference.length);
      double energy =
          (recordedEnergy[to] - recordedEnergy[from])
              * (referenceEnergy[to - lag] - referenceEnergy[from - lag]);
      double product = products[lag < 0 ? lag + size : lag];
      double coefficient = energy <= 0 ? 0 : product / Math.sqrt(energy);
      if (coefficient > best.coefficient) {
        best = new Correlation(lag, coefficient);
      }
    }
    return best;
  }

  /** The best agreement of one channel of a file, of any rate, with a source; lag at 8000 Hz. */
  public static Correlation best(Decoded recorded, int channel, AudioSource reference) {
    return best(
        resampled(recorded.channel(channel), recorded.sampleRateHz(), AudioSource.SAMPLE_RATE_HZ),
        reference.toPcm());
  }

  /** Straight lines between samples: enough where the audio is of telephone band. */
  private static short[] resampled(short[] pcm, int fromHz, int toHz) {
    if (fromHz == toHz) {
      return pcm;
    }
    short[] out = new short[(int) ((long) pcm.length * toHz / fromHz)];
    for (int i = 0; i < out.length; i++) {
      double at = (double) i * fromHz / toHz;
      int left = (int) at;
      int right = Math.min(left + 1, pcm.length - 1);
      out[i] = (short) Math.round(pcm[left] + (at - left) * (pcm[right] - pcm[left]));
    }
    return out;
  }

  /** The sums of products for all lags; negative lags are at the end. */
  private static double[] products(short[] recorded, short[] reference, int size) {
    double[] re = padded(recorded, size);
    double[] im = new double[size];
    double[] otherRe = padded(reference, size);
    double[] otherIm = new double[size];
    Fft.transform(re, im, false);
    Fft.transform(otherRe, otherIm, false);
    for (int k = 0; k < size; k++) {
      double r = re[k] * otherRe[k] + im[k] * otherIm[k];
      im[k] = im[k] * otherRe[k] - re[k] * otherIm[k];
      re[k] = r;
    }
    Fft.transform(re, im, true);
    for (int k = 0; k < size; k++) {
      re[k] /= size;
    }
    return re;
  }

  private static double[] padded(short[] pcm, int size) {
    double[] values = new double[size];
    for (int i = 0; i < pcm.length; i++) {
      values[i] = pcm[i];
    }
    return values;
  }

  private static double[] energyUpTo(short[] pcm) {
    double[] energy = new double[pcm.length + 1];
    for (int i = 0; i < pcm.length; i++) {
      energy[i + 1] = energy[i] + (double) pcm[i] * pcm[i];
    }
    return energy;
  }
}
