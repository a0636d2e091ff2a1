package org.rayo.media.freeswitch.eventsocket;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent.Field;

/**
 * Lines of {@code Name: value} as they come. Lines end with LF or CRLF; lines without a colon are
 * left out.
 */
final class HeaderBlock {

  private static final String UNDEFINED = "_undef_";

  private HeaderBlock() {}

  /** The fields between two offsets, values as they stand there. */
  static List<Field> raw(byte[] bytes, int from, int to) {
    return read(bytes, from, to, false);
  }

  /** The fields between two offsets, values decoded from per cent signs. */
  static List<Field> decoded(byte[] bytes, int from, int to) {
    return read(bytes, from, to, true);
  }

  private static List<Field> read(byte[] bytes, int from, int to, boolean decode) {
    List<Field> fields = new ArrayList<>();
    int start = from;
    while (start < to) {
      int end = indexOf(bytes, (byte) '\n', start, to);
      int colon = indexOf(bytes, (byte) ':', start, end);
      if (colon < end) {
        int value = skipBlanks(bytes, colon + 1, end);
        int last = end > value && bytes[end - 1] == '\r' ? end - 1 : end;
        fields.add(
            new Field(
                new String(bytes, start, colon - start, StandardCharsets.UTF_8),
                decode ? decode(bytes, value, last) : text(bytes, value, last)));
      }
      start = end + 1;
    }
    return fields;
  }

  /** Where the empty line after a block of headers ends, or the end. */
  static int end(byte[] bytes, int from, int to) {
    int start = from;
    while (start < to) {
      int end = indexOf(bytes, (byte) '\n', start, to);
      if (end == start || (end == start + 1 && bytes[start] == '\r')) {
        return Math.min(end + 1, to);
      }
      start = end + 1;
    }
    return to;
  }

  private static int indexOf(byte[] bytes, byte wanted, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  private static int skipBlanks(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] == ' ') {
      at++;
    }
    return at;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** A per cent sign without two hexadecimal digits after it stays. */
  private static String decode(byte[] bytes, int from, int to) {
    if (indexOf(bytes, (byte) '%', from, to) == to) {
      String text = text(bytes, from, to);
      return text.equals(UNDEFINED) ? "" : text;
    }
    byte[] decoded = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      int high = bytes[i] == '%' && i + 2 < to ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
      if (low >= 0) {
        decoded[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        decoded[length++] = bytes[i];
      }
    }
    return text(decoded, 0, length);
  }

  static Optional<String> first(List<Field> fields, String name) {
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }
}
