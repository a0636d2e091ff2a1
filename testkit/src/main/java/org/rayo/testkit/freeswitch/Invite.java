package org.rayo.testkit.freeswitch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rayo.testkit.phone.Header;

/**
 * What the switch takes from an INVITE.
 *
 * @param contact host and port of the Contact
 * @param extensions the headers that begin with X- or P-, in order
 */
record Invite(
    String requestUri,
    String requestUser,
    String from,
    Optional<String> display,
    String fromUser,
    String fromHost,
    String to,
    String toUser,
    String toUri,
    String contact,
    String callId,
    String transport,
    List<Header> extensions,
    String body) {

  private static final Pattern ADDRESS =
      Pattern.compile("(?:\"?([^\"<]*?)\"?\\s*)?<?sips?:(?:([^@>;]*)@)?([^;>?\\s]+).*");

  static Invite read(String message) {
    int blank = message.indexOf("\r\n\r\n");
    List<String> lines = message.substring(0, blank).lines().toList();
    List<Header> extensions = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (line.toLowerCase(Locale.ROOT).matches("[xp]-.*") && colon > 0) {
        extensions.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    String request = lines.get(0).split(" ", -1)[1];
    String from = header(lines, "From");
    String to = header(lines, "To");
    Matcher asked = address(request);
    Matcher caller = address(from);
    Matcher callee = address(to);
    return new Invite(
        user(asked) + "@" + asked.group(3),
        user(asked),
        from,
        Optional.ofNullable(caller.group(1)).filter(name -> !name.isBlank()),
        user(caller),
        caller.group(3),
        to,
        user(callee),
        user(callee) + "@" + callee.group(3),
        address(header(lines, "Contact")).group(3),
        header(lines, "Call-ID"),
        header(lines, "Via").toUpperCase(Locale.ROOT).contains("/TCP") ? "tcp" : "udp",
        extensions,
        message.substring(blank + 4));
  }

  private static String user(Matcher address) {
    return Optional.ofNullable(address.group(2)).orElse("");
  }

  private static String header(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static Matcher address(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no SIP address: " + text);
    }
    return matcher;
  }
}
