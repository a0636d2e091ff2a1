package org.rayo.media.freeswitch.eventsocket;

import java.util.regex.Pattern;

/** What may stand in a command. Each check returns the value or names the argument it refuses. */
final class Arguments {

  /**
   * FreeSWITCH reads ten megabytes of a command and takes the rest for the next one; nothing we
   * mean is nearly as long.
   */
  static final int LIMIT = 65_536;

  private static final int SHOWN = 60;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

  /** What FreeSWITCH would replace: a variable, or a command that it executes for its output. */
  private static final Pattern EXPANSION = Pattern.compile("\\$\\\\*\\{");

  private Arguments() {}

  /** A command, an application, a variable: letters, digits, {@code _.-}. */
  static String name(String argument, String value) {
    if (!NAME.matcher(value).matches()) {
      throw refused(argument, value, "may hold letters, digits and _.- only");
    }
    return value;
  }

  /** One word that FreeSWITCH takes as it is: no white space, no quotes, no back-slash. */
  static String word(String argument, String value) {
    text(argument, value);
    if (value.isEmpty()) {
      throw refused(argument, value, "is empty");
    }
    if (value.chars().anyMatch(c -> c == ' ' || c == '\'' || c == '\\')
        || value.codePoints().anyMatch(Character::isWhitespace)) {
      throw refused(argument, value, "holds white space, a quote or a back-slash");
    }
    if (value.startsWith("^^")) {
      throw refused(argument, value, "begins with ^^, which changes separators");
    }
    return value;
  }

  /** Any text on one line that expands to itself. */
  static String text(String argument, String value) {
    if (value.length() > LIMIT) {
      throw refused(argument, value, "is longer than " + LIMIT + " characters");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw refused(argument, value, "holds a line break or another control character");
    }
    if (EXPANSION.matcher(value).find()) {
      throw refused(argument, value, "holds ${, which FreeSWITCH expands");
    }
    return value;
  }

  /** A text that a variable or a header can have: not what makes it a list. */
  static String value(String argument, String value) {
    text(argument, value);
    if (value.stripLeading().startsWith("ARRAY::")) {
      throw refused(argument, value, "begins with ARRAY::, which makes it a list");
    }
    return value;
  }

  static IllegalArgumentException refused(String argument, String value, String why) {
    StringBuilder shown = new StringBuilder();
    value
        .chars()
        .limit(SHOWN)
        .forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
    return new IllegalArgumentException(
        argument + " '" + shown + (value.length() > SHOWN ? "…" : "") + "' " + why);
  }
}
