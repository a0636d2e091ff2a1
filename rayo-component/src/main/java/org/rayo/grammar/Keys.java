package org.rayo.grammar;

import java.util.Locale;

/** The keys of a telephone: {@code 0-9 * # A-D}, and sets of them as bits. */
final class Keys {
  private static final String ALL = "0123456789*#ABCD";

  static final int DIGITS = (1 << 10) - 1;
  static final int ANY = (1 << 16) - 1;

  private Keys() {}

  /** The set of this key alone; 0 if it is none. */
  static int bit(char key) {
    int index = ALL.indexOf(Character.toUpperCase(key));
    return index < 0 ? 0 : 1 << index;
  }

  /** A key as it is told: letters are capital. */
  static char told(char key) {
    return Character.toUpperCase(key);
  }

  /** A token's key: the key itself, {@code star}, {@code pound} or {@code dtmf-…} of these. */
  static int ofToken(String token) {
    String name = token.toLowerCase(Locale.ROOT);
    if (name.startsWith("dtmf-")) {
      name = name.substring("dtmf-".length());
    }
    return switch (name) {
      case "star" -> bit('*');
      case "pound", "hash" -> bit('#');
      default -> name.length() == 1 ? bit(name.charAt(0)) : 0;
    };
  }
}
