package org.rayo.media.freeswitch.capture;

import java.util.Arrays;
import org.rayo.media.audio.SampleRing;

/**
 * What has come of one side and has not been given to the taps yet: in order, nothing left out and
 * nothing put in, but where the side is moved on purpose to lie beside the other. Gives silence
 * while it has nothing. Belongs to the media thread; allocates nothing.
 */
final class SideBuffer {

  private static final int CAPACITY = 1 << 13;

  private final SampleRing ring = new SampleRing(CAPACITY);
  private final short[] behind;
  private int silence;
  private long dropped;

  /**
   * @param longestFrame samples that are read at once, at most
   */
  SideBuffer(int longestFrame) {
    behind = new short[longestFrame];
  }

  /** Takes what came. What there is no room for is lost, and counted. */
  void write(short[] samples, int length) {
    if (!ring.write(samples, length)) {
      dropped += length;
    }
  }

  /** Gives the next samples; silence in place of those that are missing. */
  void read(short[] to, int length) {
    int quiet = Math.min(silence, length);
    Arrays.fill(to, 0, quiet, (short) 0);
    silence -= quiet;
    if (quiet == 0) {
      int count = ring.read(to, length);
      Arrays.fill(to, count, length, (short) 0);
    } else if (quiet < length) {
      int count = ring.read(behind, length - quiet);
      Arrays.fill(behind, count, length - quiet, (short) 0);
      System.arraycopy(behind, 0, to, quiet, length - quiet);
    }
  }

  /** Samples that wait, the silence before them included. */
  int waiting() {
    return silence + ring.size();
  }

  boolean isHalfFull() {
    return ring.size() > ring.capacity() / 2;
  }

  /** Everything that waits is given so much later. */
  void delay(int samples) {
    silence += samples;
  }

  /** Everything that waits is given so much earlier: the first of it not at all. */
  void hurry(int samples) {
    int quiet = Math.min(silence, samples);
    silence -= quiet;
    ring.skip(Math.min(ring.size(), samples - quiet));
  }

  /** Samples that were lost. */
  long dropped() {
    return dropped;
  }
}
