package org.rayo.media.audio;

/**
 * How strong the eight frequencies of the keys are in the last 25 ms, every 5 ms. A first look: by
 * far the most of all speech and noise is told from a key here.
 *
 * <p>Each stretch of 5 ms is correlated with every frequency once; the windows are made of these
 * sums, turned in phase.
 */
final class DtmfBands {
  /** Of the rows of the keypad, then of its columns. */
  private static final double[] HERTZ = {697, 770, 852, 941, 1209, 1336, 1477, 1633};

  static final int STRETCHES_A_SECOND = 200;
  static final int NO_KEY = -1;

  private static final int STRETCHES = 5;
  private static final int BANDS = HERTZ.length;
  private static final int ROWS = 4;

  /** The two tones may be so small a part of the whole: they may be off the middle of a band. */
  private static final double LEAST_PART = 0.35;

  /** 14 dB, either way. */
  private static final double MOST_TWIST = 25;

  /** A band counts as left below a quarter of what it had. */
  private static final double LEFT = 0.25;

  private static final int HOLD_STRETCHES = 3;

  private final int stretch;
  private final double quietest;
  private final double[] cos;
  private final double[] sin;
  private final double[] turnCos = new double[BANDS * STRETCHES];
  private final double[] turnSin = new double[BANDS * STRETCHES];
  private final double[] weights = new double[STRETCHES];
  private final double scale;
  private final double weightSum;

  private final double[] re = new double[BANDS * STRETCHES];
  private final double[] im = new double[BANDS * STRETCHES];
  private final double[] squares = new double[STRETCHES];
  private final double[] power = new double[BANDS];
  private int newest;
  private double heldRow;
  private double heldColumn;

  /**
   * @param quietest mean square below which nothing is a key
   */
  DtmfBands(int sampleRateHz, double quietest) {
    this.quietest = quietest;
    stretch = sampleRateHz / STRETCHES_A_SECOND;
    cos = new double[BANDS * stretch];
    sin = new double[BANDS * stretch];
    double sum = 0;
    for (int k = 0; k < STRETCHES; k++) {
      weights[k] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (k + 0.5) / STRETCHES);
      sum += weights[k];
    }
    weightSum = sum * stretch;
    scale = 2 / (weightSum * weightSum);
    for (int band = 0; band < BANDS; band++) {
      double step = 2 * Math.PI * HERTZ[band] / sampleRateHz;
      for (int i = 0; i < stretch; i++) {
        cos[band * stretch + i] = Math.cos(step * i);
        sin[band * stretch + i] = Math.sin(step * i);
      }
      for (int k = 0; k < STRETCHES; k++) {
        turnCos[band * STRETCHES + k] = Math.cos(step * stretch * k);
        turnSin[band * STRETCHES + k] = Math.sin(step * stretch * k);
      }
    }
  }

  /** Samples of a stretch. */
  int stretch() {
    return stretch;
  }

  static double rowHertz(int key) {
    return HERTZ[key / ROWS];
  }

  static double columnHertz(int key) {
    return HERTZ[ROWS + key % ROWS];
  }

  /** Takes the next stretch from a ring whose size is {@code mask + 1}. */
  void add(short[] ring, int mask, long start) {
    newest = newest + 1 == STRETCHES ? 0 : newest + 1;
    double sum = 0;
    for (int i = 0; i < stretch; i++) {
      double sample = ring[(int) (start + i) & mask];
      sum += sample * sample;
    }
    squares[newest] = sum;
    for (int band = 0; band < BANDS; band++) {
      double real = 0;
      double imaginary = 0;
      for (int i = 0, at = band * stretch; i < stretch; i++, at++) {
        double sample = ring[(int) (start + i) & mask];
        real += sample * cos[at];
        imaginary -= sample * sin[at];
      }
      re[band * STRETCHES + newest] = real;
      im[band * STRETCHES + newest] = imaginary;
    }
  }

  /** The key, 0 to 15 by rows, that may be what is heard now, or {@link #NO_KEY}. */
  int candidate() {
    double energy = 0;
    for (int k = 0, at = newest; k < STRETCHES; k++) {
      at = at + 1 == STRETCHES ? 0 : at + 1;
      energy += weights[k] * squares[at];
    }
    energy /= weightSum;
    if (energy < quietest) {
      return NO_KEY;
    }
    for (int band = 0; band < BANDS; band++) {
      power[band] = scale * weighted(band);
    }
    int row = strongest(0);
    int column = strongest(ROWS);
    double low = power[row];
    double high = power[column];
    return low + high >= LEAST_PART * energy && low <= MOST_TWIST * high && high <= MOST_TWIST * low
        ? row * ROWS + column - ROWS
        : NO_KEY;
  }

  private int strongest(int first) {
    int best = first;
    for (int band = first + 1; band < first + ROWS; band++) {
      best = power[band] > power[best] ? band : best;
    }
    return best;
  }

  private double weighted(int band) {
    double real = 0;
    double imaginary = 0;
    for (int k = 0, at = newest; k < STRETCHES; k++) {
      at = at + 1 == STRETCHES ? 0 : at + 1;
      int turn = band * STRETCHES + k;
      double r = re[band * STRETCHES + at];
      double i = im[band * STRETCHES + at];
      real += weights[k] * (r * turnCos[turn] + i * turnSin[turn]);
      imaginary += weights[k] * (i * turnCos[turn] - r * turnSin[turn]);
    }
    return real * real + imaginary * imaginary;
  }

  /** From now on, {@link #holds} compares with how loud this key is now. */
  void hold(int key) {
    heldRow = recent(key / ROWS);
    heldColumn = recent(ROWS + key % ROWS);
  }

  /** Whether both tones of the key go on. */
  boolean holds(int key) {
    double row = recent(key / ROWS);
    double column = recent(ROWS + key % ROWS);
    heldRow = Math.max(heldRow, row);
    heldColumn = Math.max(heldColumn, column);
    return row >= LEFT * heldRow && column >= LEFT * heldColumn;
  }

  /** The power of a band in the last 15 ms. */
  private double recent(int band) {
    double real = 0;
    double imaginary = 0;
    int at = (newest + STRETCHES - HOLD_STRETCHES) % STRETCHES;
    for (int k = 0; k < HOLD_STRETCHES; k++) {
      at = at + 1 == STRETCHES ? 0 : at + 1;
      int turn = band * STRETCHES + k;
      double r = re[band * STRETCHES + at];
      double i = im[band * STRETCHES + at];
      real += r * turnCos[turn] + i * turnSin[turn];
      imaginary += i * turnCos[turn] - r * turnSin[turn];
    }
    return real * real + imaginary * imaginary;
  }
}
