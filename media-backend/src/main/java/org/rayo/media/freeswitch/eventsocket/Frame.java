package org.rayo.media.freeswitch.eventsocket;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent.Field;

/** One message of an event socket: a block of headers and, if its length is told, a body. */
final class Frame {

  private final byte[] head;
  private final List<Field> headers;
  private final byte[] body;

  /**
   * @param head the block of headers as it came
   * @param headers what stands in it
   * @param body the bytes of the body; empty when there is none
   */
  Frame(byte[] head, List<Field> headers, byte[] body) {
    this.head = head;
    this.headers = headers;
    this.body = body;
  }

  /** The same headers with a body. */
  Frame withBody(byte[] bytes) {
    return new Frame(head, headers, bytes);
  }

  /** {@code Content-Type}, in lower case, or empty. */
  String contentType() {
    return header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
  }

  /** The first header of this name, without regard to case; its value as it came. */
  Optional<String> header(String name) {
    return HeaderBlock.first(headers, name);
  }

  String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The answer to a command: the body of an {@code api/response}, or the {@code Reply-Text}. */
  Reply reply() {
    return Reply.of(
        contentType().equals("api/response") ? bodyText() : header("Reply-Text").orElse(""));
  }

  /** The event in the body of a {@code text/event-plain}. */
  SwitchEvent event() {
    int end = HeaderBlock.end(body, 0, body.length);
    String text = new String(body, end, body.length - end, StandardCharsets.UTF_8);
    return new SwitchEvent(HeaderBlock.decoded(body, 0, end), text);
  }

  /** The frame's own headers as an event: the answer to {@code connect}. */
  SwitchEvent headersAsEvent() {
    return new SwitchEvent(HeaderBlock.decoded(head, 0, head.length), bodyText());
  }
}
