package org.rayo.testkit.phone;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.rayo.testkit.audio.Dtmf;

/**
 * A key being held, as a row of RTP events. Used on the {@link RtpLoop}'s thread, save for {@link
 * #released}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4733#section-2.5">RFC 4733, section 2.5</a>
 */
final class KeyPress {

  private static final int FRAME_SAMPLES = 160;
  static final int END_OF_EVENT = 0x80;

  /** 10 below the level of full scale, as most telephones send it. */
  private static final int VOLUME = 10;

  private static final int LAST_PACKETS = 3;

  private final int event;
  private final int frames;
  private final CompletableFuture<Void> released = new CompletableFuture<>();
  private Optional<Long> began = Optional.empty();
  private int sent;

  /** What goes out for one frame; the last is said three times, in case it is lost. */
  @SuppressWarnings("ArrayRecordComponent") // Sent and forgotten.
  record Frame(long timestamp, boolean marker, byte[] payload, int repeats) {
    boolean isLast() {
      return repeats > 1;
    }
  }

  /**
   * @param digit of {@link Dtmf#KEYS}
   * @param frames of 20 ms for which it is held, at least 1
   */
  KeyPress(char digit, int frames) {
    this.event = Dtmf.KEYS.indexOf(digit);
    this.frames = frames;
    if (event < 0 || frames < 1) {
      throw new IllegalArgumentException("no key held for a time: " + digit + ", " + frames);
    }
  }

  /** Completes when its last packet has been sent; is cancelled when that never will be. */
  CompletableFuture<Void> released() {
    return released;
  }

  /**
   * The next frame.
   *
   * @param now the media time at which the frame begins
   */
  Frame next(long now) {
    long start = began.orElse(now);
    boolean first = began.isEmpty();
    began = Optional.of(start);
    sent++;
    boolean last = sent == frames;
    ByteBuffer payload = ByteBuffer.allocate(4);
    payload.put((byte) event).put((byte) ((last ? END_OF_EVENT : 0) | VOLUME));
    payload.putShort((short) (sent * FRAME_SAMPLES));
    return new Frame(start, first, payload.array(), last ? LAST_PACKETS : 1);
  }
}
