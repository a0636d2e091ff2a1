package org.rayo.media.freeswitch.eventsocket;

import java.util.regex.Pattern;

/**
 * The quotes of FreeSWITCH's own splitting of strings: within single quotes nothing separates; a
 * back-slash keeps a quote or another back-slash. Each splitting takes one level of quotes away.
 */
final class Quoting {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.@:/+*#~!?&%(){}=-]+");

  private Quoting() {}

  /** What one splitting gives back as the text, whatever it separates by; plain text as it is. */
  static String quote(String text) {
    return PLAIN.matcher(text).matches() ? text : quoted(text);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
