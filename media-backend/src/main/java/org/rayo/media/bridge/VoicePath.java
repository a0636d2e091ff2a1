package org.rayo.media.bridge;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.SampleRing;

/**
 * One direction of a join: what one party says, on its way to where it is played. A tap on the
 * speaker's thread, a source on the hearer's; between them samples wait in a ring, and neither
 * thread waits for the other. Is never over by itself; gives silence while nothing is there.
 *
 * <p>The speaker's clock is not the hearer's. The reader looks for the fewest samples that any of
 * its last reads left, and brings them near a reserve by using one sample more or fewer in a frame.
 * What a stall leaves behind is left out: nothing waits longer than 60 ms. When a frame came too
 * late, one frame more is kept waiting for some time, since where one was late others will be.
 *
 * <p>Allocates nothing once made.
 */
final class VoicePath implements FrameTap, FrameSource {

  /** Reads of which the smallest remainder counts: 2 s. */
  private static final int WINDOW_READS = 100;

  /** So long a frame more is kept after one was late: 30 s. */
  private static final int SLACK_READS = 1500;

  /** Longer than 20 ms at any rate; longer frames are neither stretched nor squeezed. */
  private static final int SCRATCH = 2048;

  private final KeyEar keys;
  private final int reserve;
  private final int mostWaiting;
  private final int tolerance;
  private final SampleRing ring;
  private final short[] scratch = new short[SCRATCH];

  // The reader's.
  private boolean flowing;
  private int smallest = Integer.MAX_VALUE;
  private int reads;
  private int slackReads;
  private int excess;

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
    tolerance = sampleRateHz / 1000;
    ring = new SampleRing(sampleRateHz);
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
    if (!flowing) {
      flowing = waiting >= length + reserve;
      if (!flowing) {
        Arrays.fill(frame, 0, length, (short) 0);
        return length;
      }
    }
    waiting -= leaveOutOld(waiting, length);
    int used = length + step(waiting, length);
    if (waiting < used) {
      late(frame, length);
    } else if (used == length) {
      ring.read(frame, length);
      remember(waiting - used, length);
    } else {
      ring.read(scratch, used);
      fit(used, frame, length);
      remember(waiting - used, length);
    }
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

  private int leaveOutOld(int waiting, int length) {
    if (waiting - length <= mostWaiting) {
      return 0;
    }
    int old = waiting - length - reserve;
    ring.skip(old);
    skipped.lazySet(skipped.get() + old);
    begin();
    return old;
  }

  /** How many samples more are used than given: -1, 0 or 1. */
  private int step(int waiting, int length) {
    if (length < 3 || length >= SCRATCH) {
      return 0;
    }
    if (excess > 0 && waiting > length) {
      excess--;
      return 1;
    }
    if (excess < 0) {
      excess++;
      return -1;
    }
    return 0;
  }

  /** Silence for a frame; it goes on when the reserve is there. */
  private void late(short[] frame, int length) {
    flowing = false;
    Arrays.fill(frame, 0, length, (short) 0);
    underruns.lazySet(underruns.get() + 1);
    slackReads = SLACK_READS;
    begin();
  }

  private void begin() {
    smallest = Integer.MAX_VALUE;
    reads = 0;
    excess = 0;
  }

  private void remember(int left, int frameLength) {
    smallest = Math.min(smallest, left);
    slackReads = Math.max(0, slackReads - 1);
    if (++reads == WINDOW_READS) {
      int most = slackReads > 0 ? reserve + frameLength : reserve;
      int least = Math.min(smallest, reserve);
      int off = smallest > most ? smallest - most : least - reserve;
      begin();
      excess = Math.abs(off) <= tolerance ? 0 : off;
    }
  }

  /** First and last sample stay; between them the samples are read at an even pace. */
  private void fit(int used, short[] frame, int length) {
    for (int i = 0; i < length; i++) {
      int scaled = i * (used - 1);
      int whole = scaled / (length - 1);
      int part = scaled % (length - 1);
      int a = scratch[whole];
      int b = part == 0 ? a : scratch[whole + 1];
      frame[i] = (short) (a + (b - a) * part / (length - 1));
    }
  }
}
