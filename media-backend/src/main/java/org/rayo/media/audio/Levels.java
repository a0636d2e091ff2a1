package org.rayo.media.audio;

/** How loud samples are. */
public final class Levels {

  /** The level of digital silence, and of anything quieter than this. */
  public static final double SILENCE_DBFS = -100;

  private Levels() {}

  /** The mean of the squares, after taking out the mean itself; 0 of no samples. */
  public static double meanSquare(short[] samples, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    long sum = 0;
    long squares = 0;
    for (int i = offset; i < offset + length; i++) {
      int value = samples[i];
      sum += value;
      squares += (long) value * value;
    }
    double mean = (double) sum / length;
    return Math.max(0, (double) squares / length - mean * mean);
  }

  /** Root mean square against a full-scale square wave, in dB; a full-scale sine has −3 dBFS. */
  public static double dbfs(short[] samples, int offset, int length) {
    double meanSquare = meanSquare(samples, offset, length);
    double full = 32768.0 * 32768.0;
    return meanSquare == 0
        ? SILENCE_DBFS
        : Math.max(SILENCE_DBFS, 10 * Math.log10(meanSquare / full));
  }

  /** The mean square of a level; the inverse of what {@link #dbfs} does to it. */
  public static double meanSquareOf(double dbfs) {
    return 32768.0 * 32768.0 * Math.pow(10, dbfs / 10);
  }
}
