package org.rayo.media.audio;

import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The taps of one call or mixer, in the order of their coming. One that fails costs itself: neither
 * the call nor the others. A tap that is taken away by another one's doing gets nothing more at
 * once. What is told of participants goes to each {@link ParticipantTap} among them.
 *
 * <p>Belongs to one media thread.
 */
public final class Taps implements ParticipantTap {
  private static final Logger log = LoggerFactory.getLogger(Taps.class);
  private static final FrameTap[] NONE = {};

  private final String owner;
  private FrameTap[] taps = NONE;

  /**
   * @param owner whose taps they are, for the log
   */
  public Taps(String owner) {
    this.owner = owner;
  }

  public void add(FrameTap tap) {
    FrameTap[] more = Arrays.copyOf(taps, taps.length + 1);
    more[taps.length] = tap;
    taps = more;
  }

  public void remove(FrameTap tap) {
    taps = Arrays.stream(taps).filter(other -> other != tap).toArray(FrameTap[]::new);
  }

  public boolean isEmpty() {
    return taps.length == 0;
  }

  public void clear() {
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

  @Override
  public void entered(String participant) {
    tell(tap -> tap.entered(participant));
  }

  @Override
  public void left(String participant) {
    tell(tap -> tap.left(participant));
  }

  @Override
  public void speaking(String participant, boolean speaking) {
    tell(tap -> tap.speaking(participant, speaking));
  }

  @Override
  public void said(String participant, short[] samples, int length) {
    FrameTap[] before = taps;
    for (FrameTap tap : before) {
      if (tap instanceof ParticipantTap wanting && isStillThere(tap, before)) {
        try {
          wanting.said(participant, samples, length);
        } catch (RuntimeException e) {
          failed(tap, e);
        }
      }
    }
  }

  /** Tells one of them alone. */
  public void tell(FrameTap to, Consumer<ParticipantTap> what) {
    if (to instanceof ParticipantTap wanting && Arrays.asList(taps).contains(to)) {
      try {
        what.accept(wanting);
      } catch (RuntimeException e) {
        failed(to, e);
      }
    }
  }

  private void tell(Consumer<ParticipantTap> what) {
    for (FrameTap tap : taps) {
      tell(tap, what);
    }
  }

  private boolean isStillThere(FrameTap tap, FrameTap[] before) {
    return taps == before || Arrays.asList(taps).contains(tap);
  }

  private void failed(FrameTap tap, RuntimeException e) {
    log.error("A tap of {} failed and gets no more frames", owner, e);
    remove(tap);
  }
}
