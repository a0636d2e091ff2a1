package org.rayo.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes commands that are almost right. All are well-formed, so that an XMPP server lets them pass;
 * the same seed gives the same ones.
 */
final class StanzaMutator {

  private static final List<String> ATTRIBUTES =
      List.of(
          "format",
          "start-beep",
          "stop-beep",
          "start-paused",
          "max-duration",
          "initial-timeout",
          "final-timeout",
          "direction",
          "mix",
          "duplex",
          "to",
          "id",
          "xml:lang",
          "FORMAT",
          "max_duration",
          "übertragung");

  private static final List<String> HINTS =
      List.of(
          "quality",
          "bitrate",
          "double-pass",
          "encoding",
          "sample-rate",
          "pause-mode",
          "stop-keys",
          "trim",
          "min-duration",
          "name",
          "beep-interval",
          "meta.caller",
          "meta.",
          "store",
          "unknown",
          "");

  private static final List<String> GOOD =
      List.of("wav", "mp3", "opus", "true", "false", "1", "0", "send", "recv", "duplex", "none");

  private static final List<String> BAD =
      List.of(
          "",
          " ",
          "-1",
          "-5",
          "0",
          "1.5",
          "1e9",
          "abc",
          "TRUE",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "99999999999999999999999999999999",
          "0x7f",
          "\u0663\u0661",
          "10000|none",
          "none|none",
          "../../../../etc/passwd",
          "/dev/null",
          "file:///etc/passwd",
          "http://127.0.0.1:1/",
          "${jndi:ldap://127.0.0.1/a}",
          "%s%n%d",
          "a&#x0A;b&#x0D;c&#x09;d",
          "&lt;record/&gt;&amp;",
          "&quot;&apos;",
          "\uD83D\uDCDE\u202Etxt",
          "wav mp3",
          "WAV",
          "h264");

  private static final List<String> NAMESPACES =
      List.of(
          "urn:xmpp:rayo:record:1",
          "urn:xmpp:rayo:1",
          "urn:xmpp:rayo:ext:1",
          "urn:xmpp:rayo:record:2",
          "urn:xmpp:rayo:record:complete:1",
          "urn:xmpp:rayo:output:1",
          "jabber:client",
          "");

  private static final List<String> ELEMENTS =
      List.of(
          "record", "record", "record", "pause", "resume", "stop", "hint", "Record", "complete");

  private static final int LONG = 20_000;
  private static final int DEEP = 60;

  private final Random random;

  StanzaMutator(long seed) {
    random = new Random(seed);
  }

  /** One more command, usually a {@code record}. */
  String next() {
    String element = oneIn(4) ? pick(ELEMENTS) : "record";
    String namespace = oneIn(12) ? pick(NAMESPACES) : NAMESPACES.get(0);
    StringBuilder xml = new StringBuilder("<").append(element);
    xml.append(" xmlns='").append(namespace).append('\'');
    attributes(xml);
    xml.append('>');
    content(xml, namespace);
    return xml.append("</").append(element).append('>').toString();
  }

  private void attributes(StringBuilder xml) {
    List<String> left = new ArrayList<>(ATTRIBUTES);
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = left.remove(oneIn(4) ? random.nextInt(left.size()) : random.nextInt(9));
      xml.append(' ').append(name).append("='").append(value()).append('\'');
      if (left.size() < 10) {
        return;
      }
    }
    if (oneIn(20)) {
      xml.append(" xmlns:x='urn:example:x' x:odd='").append(value()).append('\'');
    }
  }

  private void content(StringBuilder xml, String namespace) {
    for (int i = oneIn(100) ? 300 : random.nextInt(3); i > 0; i--) {
      xml.append("<hint name='").append(pick(HINTS));
      xml.append("' value='").append(value()).append("'/>");
    }
    switch (random.nextInt(20)) {
      case 0 -> xml.append("record it, please");
      case 1 -> xml.append("<![CDATA[<hint/>]]>");
      case 2 -> xml.append("<hint xmlns='").append(pick(NAMESPACES)).append("'/>");
      case 3 -> xml.append("<hint name='quality' value='4'><hint/></hint>");
      case 4 -> xml.append("<record xmlns='").append(namespace).append("'/>");
      case 5 -> xml.append("<a>".repeat(DEEP)).append("</a>".repeat(DEEP));
      default -> {}
    }
  }

  private String value() {
    if (oneIn(150)) {
      return "x".repeat(LONG);
    }
    if (oneIn(3)) {
      return Integer.toString(random.nextInt(100_000));
    }
    return pick(random.nextBoolean() ? GOOD : BAD);
  }

  private boolean oneIn(int number) {
    return random.nextInt(number) == 0;
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
