package org.rayo.media.bridge;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.Mixing;
import org.rayo.media.audio.SampleRing;

/**
 * One direction of a join: what one party says, on its way to where it is played. A tap on the
 * speaker's thread, a source on the hearer's; between them samples wait in a ring, and neither
 * thread waits for the other. Is never over by itself; gives silence while nothing is there.
 *
 * <p>The speaker's clock is not the hearer's. The reader looks for the fewest samples that any of
 * its last reads left, and brings them near a reserve: by using one sample more or fewer in a frame
 * now and then, or, when there are many too many, by fading over to what was said later. What a
 * stall leaves behind is left out: nothing goes on waiting longer than 60 ms. When a frame came too
 * late, one frame more is kept waiting for some time, since where one was late others will be.
 *
 * <p>Allocates nothing once made.
 */
final class VoicePath implements FrameTap, FrameSource {

  /** Reads of which the smallest remainder counts: 2 s. */
  private static final int WINDOW_READS = 100;

  /** So long a frame more is kept after one was late: 30 s. */
  private static final int SLACK_READS = 1500;

  private static final int PATIENT_READS = 5;

  /** A sample more or fewer every so often: enough for clocks that differ by 1,500 ppm. */
  private static final int READS_A_STEP = 4;

  /** Shorter frames have no room for it. */
  private static final int SHORTEST_FITTED = 40;

  private final KeyEar keys;
  private final int reserve;
  private final int mostWaiting;
  private final int mostAtAll;
  private final int tolerance;
  private final SampleRing ring;
  private final short[] scratch;

  // The reader's.
  private boolean flowing;
  private int smallest = Integer.MAX_VALUE;
  private int reads;
  private int slackReads;
  private int excess;
  private int tooMuchReads;
  private int spliced;

  private final AtomicLong overflows = new AtomicLong();
  private final AtomicLong underruns = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();

  /**
   * @param sampleRateHz of both sides
   * @param keys hears of those that are pressed
   */
  VoicePath(int sampleRateHz, KeyEar keys) {
    this.keys = keys;
    reserve = sampleRateHz * 5 / 1000;
    mostWaiting = sampleRateHz * 60 / 1000;
    mostAtAll = 4 * mostWaiting;
    tolerance = sampleRateHz / 1000;
    ring = new SampleRing(sampleRateHz);
    scratch = new short[sampleRateHz / 4];
  }

  /** Takes what the speaker says. On the speaker's thread. */
  @Override
  public void frame(short[] send, short[] recv, int length) {
    if (!ring.write(send, length)) {
      overflows.lazySet(overflows.get() + 1);
    }
  }

  @Override
  public void key(char digit, int offset) {
    keys.pressed(digit);
  }

  /** Gives the hearer's next frame. On the hearer's thread. */
  @Override
  public int next(short[] frame, int length) {
    int waiting = ring.size();
    if (!flowing && waiting < length + reserve) {
      Arrays.fill(frame, 0, length, (short) 0);
      return length;
    }
    if (!flowing) {
      waiting -= begin(waiting, length);
    } else if (isTooMuch(waiting - length)) {
      waiting -= leaveOut(waiting - length - mostKept(length));
    }
    if (waiting < length + spliced) {
      spliced = 0;
    }
    int used = length + (spliced > 0 ? spliced : step(waiting, length));
    if (waiting < used) {
      late(frame, length);
      return length;
    }
    if (used == length) {
      ring.read(frame, length);
    } else {
      ring.read(scratch, used);
      if (spliced > 0) {
        splice(frame, length);
      } else {
        fit(used, frame, length);
      }
    }
    remember(waiting - used, length);
    return length;
  }

  /** Frames that the ring had no room for. */
  long overflows() {
    return overflows.get();
  }

  /** Frames that were not there in time. */
  long underruns() {
    return underruns.get();
  }

  /** Samples left out because they had waited too long. */
  long skipped() {
    return skipped.get();
  }

  /** Samples that wait now. */
  int waiting() {
    return ring.size();
  }

  /**
   * More than 60 ms, for more than 100 ms: a hearer who makes up for a stall takes it all before.
   */
  private boolean isTooMuch(int left) {
    tooMuchReads = left > mostWaiting ? tooMuchReads + 1 : 0;
    return tooMuchReads > PATIENT_READS || left > mostAtAll;
  }

  /** Silence was heard before: all but the reserve is left out at once. */
  private int begin(int waiting, int length) {
    flowing = true;
    int old = Math.max(0, waiting - length - mostKept(length));
    skip(old);
    return old;
  }

  /** Leaves out so many samples: with the next frame, or now when they are too many for that. */
  private int leaveOut(int old) {
    watchAnew();
    if (old < scratch.length / 2) {
      spliced = old;
      return 0;
    }
    skip(old);
    return old;
  }

  private void skip(int old) {
    ring.skip(old);
    skipped.lazySet(skipped.get() + old);
  }

  /** How many samples more are used than given: -1, 0 or 1. */
  private int step(int waiting, int length) {
    if (length < SHORTEST_FITTED || length >= scratch.length / 2) {
      return 0;
    }
    if (excess == 0 || reads % READS_A_STEP != 0 || (excess > 0 && waiting <= length)) {
      return 0;
    }
    int step = Integer.signum(excess);
    excess -= step;
    return step;
  }

  /** Silence for a frame; it goes on when the reserve is there. */
  private void late(short[] frame, int length) {
    flowing = false;
    Arrays.fill(frame, 0, length, (short) 0);
    underruns.lazySet(underruns.get() + 1);
    slackReads = SLACK_READS;
    watchAnew();
  }

  private int mostKept(int frameLength) {
    return slackReads > 0 ? reserve + frameLength : reserve;
  }

  private void watchAnew() {
    smallest = Integer.MAX_VALUE;
    reads = 0;
    excess = 0;
    tooMuchReads = 0;
    spliced = 0;
  }

  private void remember(int left, int frameLength) {
    smallest = Math.min(smallest, left);
    slackReads = Math.max(0, slackReads - 1);
    if (++reads == WINDOW_READS) {
      int most = mostKept(frameLength);
      int least = Math.min(smallest, reserve);
      int off = smallest > most ? smallest - most : least - reserve;
      watchAnew();
      if (off > 6 * tolerance) {
        spliced = Math.min(off, scratch.length / 2);
      } else {
        excess = Math.abs(off) <= tolerance ? 0 : off;
      }
    }
  }

  /** Fades within half a frame from what waited longest to what follows what is left out. */
  private void splice(short[] frame, int length) {
    int fade = length / 2;
    for (int i = 0; i < fade; i++) {
      frame[i] = (short) ((scratch[i] * (fade - i) + scratch[spliced + i] * i) / fade);
    }
    System.arraycopy(scratch, spliced + fade, frame, fade, length - fade);
    skipped.lazySet(skipped.get() + spliced);
    spliced = 0;
  }

  /**
   * Uses one sample more or fewer than it gives: in the middle of the frame it moves by one sample,
   * within 4 ms, reading between the samples.
   */
  private void fit(int used, short[] frame, int length) {
    int span = Math.min(length / 5, length - 2);
    int begin = (length - span) / 2;
    int direction = used - length;
    System.arraycopy(scratch, 0, frame, 0, begin);
    for (int i = 0; i < span; i++) {
      frame[begin + i] = between(begin + i, (float) direction * (i + 1) / (span + 1));
    }
    int end = begin + span;
    System.arraycopy(scratch, end + direction, frame, end, length - end);
  }

  /** What is there between two samples, by the cubic through them and their neighbours. */
  private short between(int at, float offset) {
    int whole = offset < 0 ? at - 1 : at;
    float part = offset < 0 ? 1 + offset : offset;
    float a = scratch[whole - 1];
    float b = scratch[whole];
    float c = scratch[whole + 1];
    float d = scratch[whole + 2];
    float slope = 0.5f * (c - a);
    float bend = a - 2.5f * b + 2 * c - 0.5f * d;
    float twist = 0.5f * (d - a) + 1.5f * (b - c);
    return Mixing.clip(Math.round(((twist * part + bend) * part + slope) * part + b));
  }
}
