package org.rayo.media.detect;

/**
 * Counts the presses of keys that come twice, told by signalling and heard in the sound, once each.
 *
 * <p>A press that is told and one of the same key that is heard are the same when they begin within
 * 400 ms of each other; each report of the one kind takes away one of the other, so that a key
 * pressed several times in a row counts as often. Allocates nothing once made.
 */
final class KeyPresses {
  private static final int REMEMBERED = 16;
  private static final double SAME_SECONDS = 0.4;

  private final long same;
  private final char[] digits = new char[REMEMBERED];
  private final boolean[] told = new boolean[REMEMBERED];
  private final long[] begins = new long[REMEMBERED];
  private final boolean[] open = new boolean[REMEMBERED];
  private int next;

  KeyPresses(int sampleRateHz) {
    same = (long) (SAME_SECONDS * sampleRateHz);
  }

  /**
   * A press is reported.
   *
   * @param byTelling else it was heard
   * @param at samples before it begins
   * @return whether it is a new one
   */
  boolean isNew(char digit, boolean byTelling, long at) {
    for (int n = 0; n < REMEMBERED; n++) {
      int i = (next + n) % REMEMBERED; // the oldest first
      if (open[i]
          && digits[i] == digit
          && told[i] != byTelling
          && Math.abs(begins[i] - at) <= same) {
        open[i] = false;
        return false;
      }
    }
    digits[next] = digit;
    told[next] = byTelling;
    begins[next] = at;
    open[next] = true;
    next = (next + 1) % REMEMBERED;
    return true;
  }
}
