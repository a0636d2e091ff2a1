package org.rayo.testkit.freeswitch;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An event of the switch: headers in order, the first of which is mostly Event-Name, and perhaps a
 * body.
 */
final class SwitchEvent {

  private static final String UNSAFE = "#%&+:;<=>?@[\\]^`{|}\"";

  private final Map<String, String> headers = new LinkedHashMap<>();
  private Optional<String> body = Optional.empty();

  SwitchEvent with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  SwitchEvent with(Map<String, String> more) {
    headers.putAll(more);
    return this;
  }

  SwitchEvent withBody(String text) {
    body = Optional.of(text);
    return this;
  }

  String name() {
    return header("Event-Name").orElse("");
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The headers as text with percent-encoded values, a blank line, and the body. */
  String text() {
    StringBuilder text = new StringBuilder();
    headers.forEach(
        (name, value) -> text.append(name).append(": ").append(encode(value)).append('\n'));
    if (body.isPresent()) {
      int length = body.get().getBytes(StandardCharsets.UTF_8).length;
      return text.append("Content-Length: ")
          .append(length)
          .append("\n\n")
          .append(body.get())
          .toString();
    }
    return text.append('\n').toString();
  }

  /** The frame in which it goes to those who subscribed to plain events. */
  String frame() {
    String text = text();
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return "Content-Length: " + length + "\nContent-Type: text/event-plain\n\n" + text;
  }

  /**
   * Percent-encodes as the switch does: what is unsafe in a URL and what is not ASCII, but not a
   * percent sign that two upper-case hex digits follow.
   */
  static String encode(String value) {
    StringBuilder encoded = new StringBuilder();
    byte[] units = value.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < units.length; i++) {
      char letter = (char) (units[i] & 0xFF);
      boolean encodedAlready =
          letter == '%' && i + 2 < units.length && hex(units[i + 1]) && hex(units[i + 2]);
      if (encodedAlready || (letter > ' ' && letter <= '~' && UNSAFE.indexOf(letter) < 0)) {
        encoded.append(letter);
      } else {
        encoded.append('%').append(String.format("%02X", (int) letter));
      }
    }
    return encoded.toString();
  }

  private static boolean hex(byte unit) {
    return "0123456789ABCDEF".indexOf(unit) >= 0;
  }
}
