package org.rayo.media.rtp;

import java.util.Arrays;
import org.rayo.media.audio.FrameTap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The taps of one session, in the order of their coming. One that fails costs itself: neither the
 * call nor the others. A tap that is taken away by another one's doing gets nothing more at once.
 */
final class Taps implements FrameTap {
  private static final Logger log = LoggerFactory.getLogger(Taps.class);
  private static final FrameTap[] NONE = {};

  private final int localPort;
  private FrameTap[] taps = NONE;

  /**
   * @param localPort for the log
   */
  Taps(int localPort) {
    this.localPort = localPort;
  }

  void add(FrameTap tap) {
    FrameTap[] more = Arrays.copyOf(taps, taps.length + 1);
    more[taps.length] = tap;
    taps = more;
  }

  void remove(FrameTap tap) {
    taps = Arrays.stream(taps).filter(other -> other != tap).toArray(FrameTap[]::new);
  }

  void clear() {
    taps = NONE;
  }

  @Override
  public void frame(short[] send, short[] recv, int length) {
    FrameTap[] before = taps;
    for (FrameTap tap : before) {
      if (isStillThere(tap, before)) {
        try {
          tap.frame(send, recv, length);
        } catch (RuntimeException e) {
          failed(tap, e);
        }
      }
    }
  }

  @Override
  public void key(char digit, int offset) {
    FrameTap[] before = taps;
    for (FrameTap tap : before) {
      if (isStillThere(tap, before)) {
        try {
          tap.key(digit, offset);
        } catch (RuntimeException e) {
          failed(tap, e);
        }
      }
    }
  }

  private boolean isStillThere(FrameTap tap, FrameTap[] before) {
    return taps == before || Arrays.asList(taps).contains(tap);
  }

  private void failed(FrameTap tap, RuntimeException e) {
    log.error("A tap of RTP port {} failed and gets no more frames", localPort, e);
    remove(tap);
  }
}
