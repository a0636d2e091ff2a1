package org.rayo.media.audio;

/**
 * Measures two tones: their frequencies, levels, and from where to where they sound.
 *
 * <p>The frequencies come from the last 25 ms under a Hann window, within which the two do not
 * disturb each other. With them the two sines are carried on over the last 50 ms; they sound where
 * the signal is nearer to them than to silence.
 */
final class DtmfTones {
  private static final int WINDOWS_A_SECOND = 40;
  private static final int REACHES_A_SECOND = 20;

  /** Between what must be taken (1.5 %) and what must not (3.5 %). */
  private static final double MOST_OFF = 0.022;

  /** Of a frequency: how far apart its neighbourhood is probed, first roughly, then closely. */
  private static final double ROUGHLY = 0.018;

  private static final double CLOSELY = 0.006;

  /** How much of the sound may be something else. */
  private static final double MOST_REST = 0.11;

  /** 10 dB: the column's tone may be weaker; 8 dB must be taken. */
  private static final double WEAKEST_COLUMN = 0.1;

  /** 6 dB: the column's tone may be stronger; 4 dB must be taken. */
  private static final double STRONGEST_COLUMN = 4;

  private final int sampleRateHz;
  private final double quietest;
  private final double[] window;
  private final double windowSum;
  private final int reach;
  private double real;
  private double imaginary;
  private final Sine row = new Sine();
  private final Sine column = new Sine();
  private long from;
  private long to;

  /** One of the two. */
  private static final class Sine {
    private double turnCos;
    private double turnSin;
    private double real;
    private double imaginary;
    private double meanSquare;

    /** Its complex amplitude at the first sample, and how far it turns with each. */
    void set(double re, double im, double step) {
      turnCos = Math.cos(step);
      turnSin = Math.sin(step);
      real = re;
      imaginary = im;
      meanSquare = (re * re + im * im) / 2;
    }

    /** So many samples earlier. */
    void back(int samples, double step) {
      double c = Math.cos(step * samples);
      double s = Math.sin(step * samples);
      double re = real * c + imaginary * s;
      imaginary = imaginary * c - real * s;
      real = re;
    }

    double next() {
      double sample = real;
      double re = real * turnCos - imaginary * turnSin;
      imaginary = imaginary * turnCos + real * turnSin;
      real = re;
      return sample;
    }
  }

  /**
   * @param quietest mean square of both together, below which they are no key
   */
  DtmfTones(int sampleRateHz, double quietest) {
    this.sampleRateHz = sampleRateHz;
    this.quietest = quietest;
    window = new double[sampleRateHz / WINDOWS_A_SECOND];
    reach = sampleRateHz / REACHES_A_SECOND;
    double sum = 0;
    for (int i = 0; i < window.length; i++) {
      window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / window.length);
      sum += window[i];
    }
    windowSum = sum;
  }

  /** Samples of the ring before {@code end} that are looked at. */
  int reach() {
    return reach;
  }

  /**
   * Whether the two frequencies, and little else, sound before {@code end}.
   *
   * @param ring of {@code mask + 1} samples
   */
  boolean found(short[] ring, int mask, long end, double rowHertz, double columnHertz) {
    long start = end - window.length;
    if (!measure(row, ring, mask, start, rowHertz)
        || !measure(column, ring, mask, start, columnHertz)) {
      return false;
    }
    double twist = column.meanSquare / row.meanSquare;
    return row.meanSquare + column.meanSquare >= quietest
        && twist >= WEAKEST_COLUMN
        && twist <= STRONGEST_COLUMN
        && extent(ring, mask, end);
  }

  /** Where the tones of the last {@link #found} begin. */
  long from() {
    return from;
  }

  /** One past where they end, or where the samples end. */
  long to() {
    return to;
  }

  private boolean measure(Sine sine, short[] ring, int mask, long start, double nominal) {
    double rough = peak(ring, mask, start, nominal, ROUGHLY * nominal);
    if (Math.abs(rough - nominal) > 2 * MOST_OFF * nominal) {
      return false;
    }
    double hertz = peak(ring, mask, start, rough, CLOSELY * nominal);
    if (Math.abs(hertz - nominal) > MOST_OFF * nominal) {
      return false;
    }
    spectrum(ring, mask, start, hertz);
    double step = 2 * Math.PI * hertz / sampleRateHz;
    sine.set(2 * real / windowSum, 2 * imaginary / windowSum, step);
    sine.back(reach - window.length, step);
    return true;
  }

  /**
   * Where the spectrum is highest: the crest of the parabola through three of its points, in dB.
   */
  private double peak(short[] ring, int mask, long start, double hertz, double apart) {
    double below = Math.log(spectrum(ring, mask, start, hertz - apart) + 1);
    double here = Math.log(spectrum(ring, mask, start, hertz) + 1);
    double above = Math.log(spectrum(ring, mask, start, hertz + apart) + 1);
    double curve = below - 2 * here + above;
    return curve >= 0 ? Double.MAX_VALUE : hertz + apart * 0.5 * (below - above) / curve;
  }

  private double spectrum(short[] ring, int mask, long start, double hertz) {
    double step = 2 * Math.PI * hertz / sampleRateHz;
    double turnCos = Math.cos(step);
    double turnSin = Math.sin(step);
    double c = 1;
    double s = 0;
    double re = 0;
    double im = 0;
    for (int i = 0; i < window.length; i++) {
      double sample = window[i] * ring[(int) (start + i) & mask];
      re += sample * c;
      im -= sample * s;
      double next = c * turnCos - s * turnSin;
      s = s * turnCos + c * turnSin;
      c = next;
    }
    real = re;
    imaginary = im;
    return re * re + im * im;
  }

  /** The stretch with the greatest gain in likelihood of the tones over silence, if it is pure. */
  private boolean extent(short[] ring, int mask, long end) {
    long first = end - reach;
    double gain = 0;
    double best = 0;
    double squares = 0;
    double rest = 0;
    double bestSquares = 0;
    double bestRest = 0;
    long since = first;
    for (int i = 0; i < reach; i++) {
      double sample = ring[(int) (first + i) & mask];
      double tones = row.next() + column.next();
      double left = sample - tones;
      if (gain <= 0) {
        gain = 0;
        squares = 0;
        rest = 0;
        since = first + i;
      }
      squares += sample * sample;
      rest += left * left;
      gain += sample * sample - left * left;
      if (gain > best) {
        best = gain;
        bestSquares = squares;
        bestRest = rest;
        from = since;
        to = first + i + 1;
      }
    }
    return best > 0 && bestRest <= MOST_REST * bestSquares;
  }
}
