package org.rayo.media.rtp;

import org.rayo.media.audio.FrameTap;

/**
 * Keys whose beginning is known and not played out yet, in the order of the sender's timeline.
 * Allocates nothing.
 */
final class PendingKeys {
  /** More keys than a jitter buffer could ever be ahead of. */
  private static final int CAPACITY = 32;

  private final long[] positions = new long[CAPACITY];
  private final char[] digits = new char[CAPACITY];
  private int count;

  /**
   * Keeps a key until its time; keys of one position stay in the order of their coming. A sender of
   * more than can be held is no telephone: its keys are left out.
   *
   * @param position the sample with which it begins
   */
  void add(char digit, long position) {
    if (count == CAPACITY) {
      return;
    }
    int at = count++;
    for (; at > 0 && positions[at - 1] > position; at--) {
      positions[at] = positions[at - 1];
      digits[at] = digits[at - 1];
    }
    positions[at] = position;
    digits[at] = digit;
  }

  /** Tells all keys that begin before {@code end}, in a frame that begins at {@code start}. */
  void tell(FrameTap tap, long start, long end) {
    int told = 0;
    while (told < count && positions[told] < end) {
      char digit = digits[told];
      int offset = (int) Math.max(0, positions[told] - start);
      told++;
      tap.key(digit, offset);
    }
    if (told > 0) {
      count -= told;
      System.arraycopy(positions, told, positions, 0, count);
      System.arraycopy(digits, told, digits, 0, count);
    }
  }
}
