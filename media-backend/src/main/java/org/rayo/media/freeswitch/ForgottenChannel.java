package org.rayo.media.freeswitch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A channel of a run of this server that has died, as its journal kept it.
 *
 * @param server its name in our configuration
 */
record ForgottenChannel(String server, String uuid) {

  private static final Pattern TEXT =
      Pattern.compile("freeswitch ([A-Za-z0-9_.-]+) ([A-Za-z0-9_.-]{1,128})");

  /** What is kept of one. */
  static String text(Channel channel) {
    return "freeswitch " + channel.server().name() + " " + channel.uuid();
  }

  /** The same read again; empty for what is no such text. */
  static Optional<ForgottenChannel> read(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new ForgottenChannel(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }
}
