package org.rayo.media.freeswitch.eventsocket;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent.Field;

/**
 * Cuts what comes over an event socket into frames, however it is fragmented. It holds one frame at
 * most, and no more of it than has come.
 *
 * <p>Tolerant where FreeSWITCH is loose: lines end with LF or CRLF, empty lines may come before a
 * frame, {@code Content-Length} may be zero or missing, unknown headers are kept. A frame that is
 * too long, says no {@code Content-Type} or has a bad length is an error, after which the reader is
 * of no more use. Not thread-safe.
 */
final class FrameReader {

  /** The longest block of headers; a channel's data in the answer to {@code connect} is one. */
  static final int HEAD_LIMIT = 256 * 1024;

  /** The longest body. */
  static final int BODY_LIMIT = 16 * 1024 * 1024;

  private static final int INITIAL = 4096;

  /** A buffer that a long frame has left is not kept. */
  private static final int KEPT = 256 * 1024;

  private static final byte[] NO_BODY = {};

  private byte[] bytes = new byte[INITIAL];
  private int count;

  /** Bytes of the line that is being read, without CR. */
  private int lineLength;

  /** The frame whose body is being read, without it; or none. */
  private Optional<Frame> head = Optional.empty();

  private int bodyLength;

  /**
   * Takes all there is and hands on the frames that are complete.
   *
   * @throws EventSocketException with kind {@code PROTOCOL}: malformed or too long
   */
  void feed(ByteBuffer input, Consumer<Frame> frames) throws EventSocketException {
    while (input.hasRemaining()) {
      if (head.isPresent()) {
        feedBody(input, head.get(), frames);
      } else {
        feedHead(input, frames);
      }
    }
  }

  /** Whether something of a frame has come that is not complete. */
  boolean isWithinFrame() {
    return count > 0 || head.isPresent();
  }

  private void feedHead(ByteBuffer input, Consumer<Frame> frames) throws EventSocketException {
    while (input.hasRemaining()) {
      byte next = input.get();
      if (count == 0 && (next == '\n' || next == '\r')) {
        continue;
      }
      if (count == HEAD_LIMIT) {
        throw malformed("headers of more than " + HEAD_LIMIT + " bytes");
      }
      put(next);
      if (next == '\n') {
        if (lineLength == 0) {
          endHead(frames);
          return;
        }
        lineLength = 0;
      } else if (next != '\r') {
        lineLength++;
      }
    }
  }

  private void endHead(Consumer<Frame> frames) throws EventSocketException {
    byte[] block = Arrays.copyOf(bytes, count);
    List<Field> fields = HeaderBlock.raw(block, 0, block.length);
    count = 0;
    lineLength = 0;
    if (HeaderBlock.first(fields, "Content-Type").isEmpty()) {
      throw malformed("a frame without Content-Type");
    }
    Frame frame = new Frame(block, fields, NO_BODY);
    bodyLength = bodyLength(fields);
    if (bodyLength == 0) {
      frames.accept(frame);
    } else {
      head = Optional.of(frame);
    }
  }

  private static int bodyLength(List<Field> fields) throws EventSocketException {
    String stated = HeaderBlock.first(fields, "Content-Length").orElse("0").strip();
    boolean number = !stated.isEmpty() && stated.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || stated.length() > 9 || Integer.parseInt(stated) > BODY_LIMIT) {
      String shown = stated.length() > 20 ? stated.substring(0, 20) + "…" : stated;
      throw malformed("Content-Length '" + shown + "' is not a number up to " + BODY_LIMIT);
    }
    return Integer.parseInt(stated);
  }

  private void feedBody(ByteBuffer input, Frame begun, Consumer<Frame> frames) {
    int taken = Math.min(input.remaining(), bodyLength - count);
    room(taken);
    input.get(bytes, count, taken);
    count += taken;
    if (count == bodyLength) {
      byte[] body = Arrays.copyOf(bytes, count);
      count = 0;
      head = Optional.empty();
      if (bytes.length > KEPT) {
        bytes = new byte[INITIAL];
      }
      frames.accept(begun.withBody(body));
    }
  }

  private void put(byte next) {
    room(1);
    bytes[count++] = next;
  }

  private void room(int more) {
    if (bytes.length - count < more) {
      bytes = Arrays.copyOf(bytes, Math.max(count + more, bytes.length * 2));
    }
  }

  private static EventSocketException malformed(String what) {
    return new EventSocketException(Kind.PROTOCOL, "malformed: " + what);
  }
}
