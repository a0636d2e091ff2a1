package org.rayo.media.rtp;

import org.rayo.media.audio.G711;

/**
 * A stretch of the sender's timeline: samples go in at their position, in any order, and come out
 * from the head on, each once; what never came is made up.
 *
 * <p>Positions are samples since the session's first frame. A short gap repeats the last 20 ms,
 * fading; the rest of it is silence, and so is a gap that the sender meant ({@link #quietFrom}).
 */
final class JitterBuffer {
  /** Samples it can hold, a power of two: 2 s. */
  static final int CAPACITY = 1 << 14;

  private static final int REPEATED = 160;
  private static final int FADE = 480;

  private final short[] samples = new short[CAPACITY];
  private final boolean[] present = new boolean[CAPACITY];
  private final short[] repeated = new short[REPEATED];
  private int repeatedAt;
  private long head;
  private long end;
  private long quietFrom = Long.MAX_VALUE;
  private long gap = FADE;
  private long made;

  /** Where the next sample is taken. */
  long head() {
    return head;
  }

  /** One past the newest sample that came; before the head when everything has been taken. */
  long end() {
    return end;
  }

  /** Samples made up by repetition, so far. */
  long made() {
    return made;
  }

  /** No sample from {@code position} to the next one that comes is missing: the sender is quiet. */
  void quietFrom(long position) {
    quietFrom = position;
  }

  /**
   * Puts a packet's samples in their places; those whose time is over or whose place is taken are
   * left out.
   *
   * @return false if some are too far ahead to be held, then none is
   */
  boolean write(long start, G711 codec, RtpPacket packet) {
    int length = packet.payloadLength();
    if (start + length > head + CAPACITY) {
      return false;
    }
    for (int i = (int) Math.max(0, Math.min(length, head - start)); i < length; i++) {
      int slot = (int) (start + i) & (CAPACITY - 1);
      if (!present[slot]) {
        present[slot] = true;
        samples[slot] = codec.decode(packet.payload(i));
      }
    }
    end = Math.max(end, start + length);
    return true;
  }

  /** Takes the next {@code length} samples. */
  void read(short[] to, int length) {
    for (int i = 0; i < length; i++) {
      int slot = (int) head & (CAPACITY - 1);
      if (present[slot]) {
        present[slot] = false;
        to[i] = real(samples[slot]);
      } else {
        to[i] = madeUp();
      }
      head++;
    }
  }

  private short real(short sample) {
    if (head >= quietFrom) {
      quietFrom = Long.MAX_VALUE;
    }
    gap = 0;
    repeated[repeatedAt] = sample;
    repeatedAt = repeatedAt + 1 == REPEATED ? 0 : repeatedAt + 1;
    return sample;
  }

  private short madeUp() {
    if (head >= quietFrom) {
      gap = FADE;
    }
    if (gap >= FADE) {
      return 0;
    }
    int at = (int) ((repeatedAt + gap) % REPEATED);
    short sample = (short) (repeated[at] * (FADE - gap) / FADE);
    gap++;
    made++;
    return sample;
  }
}
