package org.rayo.media.rtp;

import java.time.Duration;

/**
 * Reads telephone events: of each key its press and its release, once each, whatever is lost or
 * repeated. The timestamp that all packets of a key share tells when it began.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4733#section-2.5">RFC 4733, section 2.5</a>
 */
final class DtmfReceiver {
  /** Hears of keys. */
  interface Sink {
    /**
     * A key was pressed.
     *
     * @param timestamp the RTP timestamp of its beginning
     * @param held samples for which it has been down
     */
    void pressed(char digit, int timestamp, int held);

    /** It was released after so long. */
    void released(char digit, Duration held);
  }

  private static final String DIGITS = "0123456789*#ABCD";
  private static final int PAYLOAD_BYTES = 4;
  private static final int LONGEST_SEGMENT = 0xffff;

  /** Without an update for 240 ms a key counts as released: all its last packets were lost. */
  private static final int TICKS_UNTIL_RELEASED = 12;

  /** For a second, repeated packets of a key are told from a new one. */
  private static final int TICKS_UNTIL_IDLE = 50;

  private enum State {
    IDLE,
    PRESSED,
    RELEASED
  }

  private final Sink sink;
  private State state = State.IDLE;
  private int event;
  private int timestamp;
  private int duration;
  private long earlierSegments;
  private int ticksWithout;

  DtmfReceiver(Sink sink) {
    this.sink = sink;
  }

  /**
   * A packet of the telephone-event payload type.
   *
   * @return false if it is too short for an event
   */
  boolean accept(RtpPacket packet) {
    if (packet.payloadLength() < PAYLOAD_BYTES) {
      return false;
    }
    int code = packet.payload(0) & 0xff;
    boolean last = (packet.payload(1) & 0x80) != 0;
    int held = packet.payloadShort(2);
    if (code >= DIGITS.length()) {
      return true; // a flash or a tone of the line: no key
    }
    ticksWithout = 0;
    if (state == State.IDLE || packet.timestamp() != timestamp) {
      if (state != State.IDLE && packet.timestamp() - timestamp < 0) {
        return true; // of a key before this one
      }
      begin(code, packet.timestamp(), held);
    }
    duration = Math.max(duration, held);
    if (last && state == State.PRESSED) {
      release();
    }
    return true;
  }

  /** Another 20 ms passed. */
  void tick() {
    if (state == State.PRESSED && ++ticksWithout > TICKS_UNTIL_RELEASED) {
      release();
    } else if (state == State.RELEASED && ++ticksWithout > TICKS_UNTIL_IDLE) {
      state = State.IDLE;
    }
  }

  /** Another SSRC: timestamps begin anew. */
  void restart() {
    if (state == State.PRESSED) {
      release();
    }
    state = State.IDLE;
  }

  private void begin(int code, int at, int held) {
    boolean nextSegment =
        state == State.PRESSED && code == event && at == timestamp + LONGEST_SEGMENT;
    if (state == State.PRESSED && !nextSegment) {
      release();
    }
    earlierSegments = nextSegment ? earlierSegments + LONGEST_SEGMENT : 0;
    state = State.PRESSED;
    event = code;
    timestamp = at;
    duration = 0;
    if (!nextSegment) {
      sink.pressed(DIGITS.charAt(code), at, held);
    }
  }

  private void release() {
    state = State.RELEASED;
    sink.released(DIGITS.charAt(event), Duration.ofMillis((earlierSegments + duration) / 8));
  }
}
