package org.rayo.media.rtp;

/**
 * Holds what was sent until what was heard at the same time comes out of the jitter buffer, so that
 * both reach the taps together.
 *
 * <p>The other side's clock takes a few samples more or fewer than the local one sends: a frame in
 * which the two drifted apart by half a millisecond is stretched or squeezed by one sample.
 */
final class DelayLine {
  private static final int CAPACITY = 1 << 14;
  private static final int TOLERANCE = 4;

  private final short[] line = new short[CAPACITY];
  private long in;
  private long out;

  /** Begins with {@code delay} samples of silence. */
  DelayLine(int delay) {
    in = Math.min(delay, CAPACITY / 2);
  }

  /** Takes the samples of a tick. */
  void push(short[] from, int length) {
    for (int i = 0; i < length; i++) {
      line[(int) in++ & (CAPACITY - 1)] = from[i];
    }
    if (in - out > CAPACITY) {
      out = in - CAPACITY;
    }
  }

  /**
   * Gives {@code length} samples; silence where there are none.
   *
   * @param delay samples that should then be left
   */
  void pull(short[] to, int length, int delay) {
    long excess = in - out - length - delay;
    if (excess > TOLERANCE && length > 1) {
      stretch(to, length, length + 1);
    } else if (excess < -TOLERANCE && length > 2) {
      stretch(to, length, length - 1);
    } else {
      for (int i = 0; i < length; i++) {
        to[i] = sample(out + i);
      }
      advance(length);
    }
  }

  /** Where the next sample will be put. */
  long in() {
    return in;
  }

  /** Where the next sample will be taken: what was put in before has been given. */
  long out() {
    return out;
  }

  private void stretch(short[] to, int length, int used) {
    for (int i = 0; i < length; i++) {
      // First and last sample stay; between them the line is read at an even pace.
      int scaled = i * (used - 1);
      int whole = scaled / (length - 1);
      int part = scaled % (length - 1);
      int a = sample(out + whole);
      int b = part == 0 ? a : sample(out + whole + 1);
      to[i] = (short) (a + (b - a) * part / (length - 1));
    }
    advance(used);
  }

  private short sample(long at) {
    return at < in ? line[(int) at & (CAPACITY - 1)] : 0;
  }

  private void advance(int count) {
    out += count;
    if (out > in) {
      in = out;
    }
  }
}
