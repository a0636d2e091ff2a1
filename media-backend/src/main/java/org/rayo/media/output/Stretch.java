package org.rayo.media.output;

/**
 * Plays a timeline faster or slower at the same pitch: short stretches of it are laid over each
 * other, each taken from near where it is due, at the place where it best continues the one before
 * (waveform similarity overlap-add). Not for several threads; allocates nothing once made.
 */
final class Stretch {

  private static final int HOPS_A_SECOND = 80;
  private static final int REACHES_A_SECOND = 100;

  /** What reads half as exactly is found in a quarter of the time. */
  private static final int COARSE = 2;

  private final Timeline timeline;
  private final int hop;
  private final int reach;
  private final short[] tail;
  private final short[] near;
  private final short[] made;
  private int madeAt;
  private double due;
  private boolean running;

  Stretch(Timeline timeline, int sampleRateHz) {
    this.timeline = timeline;
    this.hop = sampleRateHz / HOPS_A_SECOND;
    this.reach = sampleRateHz / REACHES_A_SECOND;
    this.tail = new short[hop];
    this.near = new short[hop + 2 * reach];
    this.made = new short[hop];
    this.madeAt = hop;
  }

  /** Samples that are made and not yet taken. */
  int ready() {
    return hop - madeAt;
  }

  void take(short[] to, int offset, int count) {
    System.arraycopy(made, madeAt, to, offset, count);
    madeAt += count;
  }

  /** What is made is not wanted, and what comes next has nothing to do with what came before. */
  void reset() {
    madeAt = hop;
    running = false;
  }

  /** What is made is still played; then the timeline itself. */
  void rest() {
    running = false;
  }

  /**
   * Makes the next samples.
   *
   * @param position of the timeline, from where on it would go on by itself
   * @return the same after it
   */
  long make(long position, double speed) {
    if (!running) {
      running = true;
      due = position;
    }
    long first = Math.round(due) - reach;
    timeline.read(position, tail, 0, hop);
    timeline.read(first, near, 0, near.length);
    int best = best((int) Math.max(0, Math.min(2L * reach, position - first)));
    for (int i = 0; i < hop; i++) {
      made[i] = (short) ((tail[i] * (hop - i) + near[best + i] * i) / hop);
    }
    madeAt = 0;
    due += hop * speed;
    return first + best + hop;
  }

  /** Where in {@link #near} what is most like the tail begins; of equals the first asked for. */
  private int best(int preferred) {
    int best = preferred;
    long least = difference(preferred, Long.MAX_VALUE);
    for (int at = 0; at <= 2 * reach; at++) {
      long difference = difference(at, least);
      if (difference < least) {
        least = difference;
        best = at;
      }
    }
    return best;
  }

  private long difference(int at, long enough) {
    long sum = 0;
    for (int i = 0; i < hop && sum < enough; i += COARSE) {
      sum += Math.abs(tail[i] - near[at + i]);
    }
    return sum;
  }
}
