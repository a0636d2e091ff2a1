package org.rayo.media.rtp;

import java.util.Arrays;

/**
 * Sorts the packets of one SSRC by their sequence numbers: next, ahead, reordered, seen before.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3550#appendix-A.1">RFC 3550, appendix A.1</a>
 */
final class SequenceTracker {
  enum Verdict {
    /** The first one of all, or the first after a jump of the numbers. */
    FIRST,
    /** Follows the highest so far. */
    NEXT,
    /** Higher, with some missing between. */
    AHEAD,
    /** Fills a place that was passed. */
    REORDERED,
    /** Was here before. */
    DUPLICATE
  }

  /** How many numbers back a packet is still told from a duplicate. */
  private static final int WINDOW = 1024;

  /** A number farther ahead than this is a new beginning. */
  private static final int MAX_AHEAD = 3000;

  private final long[] seen = new long[WINDOW / 64];
  private final Tally tally;
  private boolean begun;
  private long first;
  private long highest;

  SequenceTracker(Tally tally) {
    this.tally = tally;
  }

  /** The next packet begins anew: another SSRC. */
  void restart() {
    begun = false;
  }

  Verdict accept(int sequence) {
    if (!begun) {
      return begin(sequence);
    }
    int ahead = (short) (sequence - (int) highest);
    if (ahead > MAX_AHEAD || -ahead >= WINDOW) {
      return begin(sequence);
    }
    return ahead > 0 ? advance(ahead) : place(highest + ahead);
  }

  private Verdict begin(int sequence) {
    begun = true;
    Arrays.fill(seen, 0);
    first = sequence;
    highest = sequence;
    set(highest);
    return Verdict.FIRST;
  }

  private Verdict advance(int ahead) {
    // One turn of the window forgets everything; more would do the same again.
    for (long missing = Math.max(highest + 1, highest + ahead - WINDOW);
        missing < highest + ahead;
        missing++) {
      clear(missing);
    }
    highest += ahead;
    set(highest);
    tally.add(Tally.Of.LOST, ahead - 1);
    return ahead == 1 ? Verdict.NEXT : Verdict.AHEAD;
  }

  private Verdict place(long sequence) {
    if (isSet(sequence)) {
      tally.one(Tally.Of.DUPLICATED);
      return Verdict.DUPLICATE;
    }
    set(sequence);
    tally.one(Tally.Of.REORDERED);
    if (sequence > first) {
      tally.add(Tally.Of.LOST, -1);
    }
    return Verdict.REORDERED;
  }

  private boolean isSet(long sequence) {
    return (seen[word(sequence)] & (1L << sequence)) != 0;
  }

  private void set(long sequence) {
    seen[word(sequence)] |= 1L << sequence;
  }

  private void clear(long sequence) {
    seen[word(sequence)] &= ~(1L << sequence);
  }

  private static int word(long sequence) {
    return (int) (sequence & (WINDOW - 1)) >> 6;
  }
}
