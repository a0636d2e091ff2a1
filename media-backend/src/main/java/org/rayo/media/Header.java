package org.rayo.media;

import java.util.Objects;

/**
 * One signalling header, as a Rayo {@code <header/>} carries it. Lists of them keep order and
 * repetition.
 *
 * @param name not empty, without line breaks, colon or white space
 * @param value without line breaks; may be empty
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-headers">XEP-0327, headers</a>
 */
public record Header(String name, String value) {

  public Header {
    Objects.requireNonNull(value, "value");
    if (!isToken(name)) {
      throw new IllegalArgumentException(
          "header name '" + name + "' is not a token: letters, digits and -.!%*_+`'~ are allowed");
    }
    if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
      throw new IllegalArgumentException(
          "value of header '" + name + "' holds a control character or a line break");
    }
  }

  /** RFC 3261, section 25.1: {@code token}. */
  private static boolean isToken(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(
                c -> c < 0x80 && (Character.isLetterOrDigit(c) || "-.!%*_+`'~".indexOf(c) >= 0));
  }
}
