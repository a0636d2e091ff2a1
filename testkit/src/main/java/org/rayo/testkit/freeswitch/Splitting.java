package org.rayo.testkit.freeswitch;

import java.util.ArrayList;
import java.util.List;

/**
 * How the switch takes a line of arguments apart. Each time it does, one level of quotes and
 * back-slashes goes: within single quotes nothing separates, a back-slash keeps what follows.
 */
final class Splitting {

  private static final char KEEP = '\\';
  private static final char QUOTE = '\'';

  private Splitting() {}

  /** At most {@code limit} parts, the last of which holds the rest. */
  static List<String> split(String text, char separator, int limit) {
    if (text.startsWith("^^") && text.length() > 3) {
      return split(text.substring(3), text.charAt(2), limit);
    }
    boolean blanks = separator == ' ';
    List<String> parts = new ArrayList<>();
    int start = 0;
    boolean quoted = false;
    int at = blanks ? skipBlanks(text, 0) : 0;
    while (at < text.length() && parts.size() < limit - 1) {
      char letter = text.charAt(at);
      if (letter == KEEP) {
        at++;
      } else if (letter == QUOTE && (blanks || quoted || text.indexOf(QUOTE, at + 1) >= 0)) {
        quoted = !quoted;
      } else if (letter == separator && !quoted) {
        parts.add(plain(text.substring(start, at), blanks ? 0 : separator));
        at = blanks ? skipBlanks(text, at) - 1 : at;
        start = at + 1;
      }
      at++;
    }
    if (start < text.length()) {
      parts.add(plain(text.substring(start), blanks ? 0 : separator));
    }
    return parts;
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  /** Without quotes, and without blanks around it that are not quoted. */
  private static String plain(String part, int separator) {
    StringBuilder plain = new StringBuilder();
    int end = 0;
    boolean quoted = false;
    for (int at = skipBlanks(part, 0); at < part.length(); at++) {
      char letter = part.charAt(at);
      char next = at + 1 < part.length() ? part.charAt(at + 1) : 0;
      if (letter == KEEP && kept(next, separator)) {
        at++;
        plain.append(unescaped(next));
        end = plain.length();
      } else if (letter == QUOTE && (quoted || part.indexOf(QUOTE, at + 1) >= 0)) {
        quoted = !quoted;
        end = quoted ? plain.length() : end;
      } else {
        plain.append(letter);
        end = letter != ' ' || quoted ? plain.length() : end;
      }
    }
    return plain.substring(0, end);
  }

  private static boolean kept(char letter, int separator) {
    return letter == QUOTE
        || letter == '"'
        || letter == KEEP
        || (separator != 0 && letter == separator)
        || unescaped(letter) != letter;
  }

  private static char unescaped(char letter) {
    return switch (letter) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 's' -> ' ';
      default -> letter;
    };
  }
}
