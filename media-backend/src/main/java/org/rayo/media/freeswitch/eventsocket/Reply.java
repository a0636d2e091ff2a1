package org.rayo.media.freeswitch.eventsocket;

/**
 * What FreeSWITCH answered to a command.
 *
 * @param ok whether it did not say {@code -ERR} or {@code -USAGE}
 * @param text what follows {@code +OK} or {@code -ERR}; else all of it. Without the white space
 *     around it; may be empty and have several lines
 */
public record Reply(boolean ok, String text) {

  static Reply of(String answer) {
    String text = answer.strip();
    if (text.startsWith("+OK")) {
      return new Reply(true, text.substring(3).strip());
    }
    if (text.startsWith("-ERR")) {
      return new Reply(false, text.substring(4).strip());
    }
    if (text.startsWith("-USAGE")) {
      return new Reply(false, text.substring(1));
    }
    return new Reply(true, text);
  }
}
