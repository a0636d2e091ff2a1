package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.RECORD;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.protocol.Dialect;
import org.xmpp.packet.IQ;

/**
 * Every attribute of record with every bad value, and every bad content: the table's error, the
 * client's own element back, a text that names what is wrong, and nothing begun. The table is
 * printed.
 */
class BadRecordValuesTest {

  private static final String BAD = "bad-request/modify";
  private static final String OPTION = "feature-not-implemented/modify";
  private static final String FINE = "ref";

  /** Written as in XML. */
  private static final List<String> VALUES =
      List.of(
          "-5",
          "0",
          "1.5",
          "abc",
          "9223372036854775808",
          "99999999999999999999999999",
          "TRUE",
          "none",
          "",
          " ",
          "1e3",
          "0x10",
          "1,000",
          "1 000",
          "٣",
          "../../etc/passwd",
          "mp3;rm -rf /",
          "&#x202E;3pm",
          "&lt;hint/&gt;",
          "mp3&#10;wav",
          "%s%n",
          "x".repeat(5000));

  /** What is not refused: 0 is false, none disables a time-out. */
  private static final Map<String, Set<String>> ALLOWED = new LinkedHashMap<>();

  static {
    Set<String> booleans = Set.of("0");
    Set<String> timeouts = Set.of("none");
    ALLOWED.put("start-beep", booleans);
    ALLOWED.put("stop-beep", booleans);
    ALLOWED.put("start-paused", booleans);
    ALLOWED.put("mix", booleans);
    ALLOWED.put("max-duration", Set.of());
    ALLOWED.put("initial-timeout", timeouts);
    ALLOWED.put("final-timeout", timeouts);
    ALLOWED.put("direction", Set.of());
    ALLOWED.put("format", Set.of());
  }

  /** A format of one word may be one that others have; anything else cannot be a format. */
  private static final Set<String> WORDS =
      Set.of(
          "-5",
          "0",
          "1.5",
          "abc",
          "9223372036854775808",
          "99999999999999999999999999",
          "TRUE",
          "none",
          "1e3",
          "0x10",
          "../../etc/passwd",
          "x".repeat(5000));

  private static final Map<String, String> CONTENTS = new LinkedHashMap<>();

  static {
    CONTENTS.put("<hint/>", BAD);
    CONTENTS.put("<hint name='quality'/>", BAD);
    CONTENTS.put("<hint name='unheard-of'/>", BAD);
    CONTENTS.put("<hint value='4'/>", BAD);
    CONTENTS.put("<hint name='' value='4'/>", BAD);
    CONTENTS.put("<hint name='a' value='b'>c</hint>", BAD);
    CONTENTS.put("<hint name='a' value='b'><c/></hint>", BAD);
    CONTENTS.put("<hint name='a' value='b' unit='c'/>", OPTION);
    CONTENTS.put("<hint name='quality' value='4'/><hint name='quality' value='5'/>", BAD);
    CONTENTS.put("<hint name='name' value='nobody-configured-this'/>", BAD);
    CONTENTS.put("<hint xmlns='urn:other' name='quality' value='4'/>", OPTION);
    CONTENTS.put("<record/>", OPTION);
    CONTENTS.put("<pause/><resume/>", OPTION);
    CONTENTS.put("<document url='http://example.org/'/>", OPTION);
    CONTENTS.put("loudly", BAD);
    for (String hint :
        List.of(
            "quality",
            "bitrate",
            "sample-rate",
            "encoding",
            "double-pass",
            "pause-mode",
            "trim",
            "min-duration",
            "beep-interval")) {
      for (String value : List.of("-5", "1.5", "abc", "9223372036854775808", "TRUE", "", " 1")) {
        CONTENTS.put("<hint name='" + hint + "' value='" + value + "'/>", BAD);
      }
    }
    CONTENTS.put("<hint name='min-duration' value='10800001'/>", BAD);
    CONTENTS.put("<hint name='stop-keys' value=''/>", BAD);
    CONTENTS.put("<hint name='stop-keys' value='##'/>", BAD);
    CONTENTS.put("<hint name='meta.a' value='b&#10;c'/>", BAD);
    CONTENTS.put("<hint name='meta.' value='b'/>", BAD);
  }

  private static String record(String attributes, String content) {
    return "<record xmlns='urn:xmpp:rayo:record:1' " + attributes + ">" + content + "</record>";
  }

  private static CallWorld world(Dialect dialect) {
    CallWorld world = new CallWorld();
    var presence = CallWorld.availablePresence(JULIET);
    if (dialect == Dialect.XEP_0327) {
      presence
          .addChildElement("c", "http://jabber.org/protocol/caps")
          .addAttribute("node", "urn:xmpp:rayo:client:1");
    }
    world.clients.presence(presence);
    world.announce();
    world.sends(JULIET, CallWorld.ANSWER);
    world.deliver().media.next().done().complete(null);
    return world.deliver();
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void attribute_everyBadValue_isRefusedAndStartsNothing(Dialect dialect) {
    CallWorld world = world(dialect);
    StringBuilder table = new StringBuilder();
    int refused = 0;
    for (Map.Entry<String, Set<String>> attribute : ALLOWED.entrySet()) {
      table.append(String.format("%n%-16s", attribute.getKey()));
      for (String value : VALUES) {
        if (attribute.getValue().contains(value)) {
          table.append(" ok");
          continue;
        }
        boolean word = attribute.getKey().equals("format") && WORDS.contains(value);
        String error = word ? OPTION : BAD;
        String xml = record(attribute.getKey() + "='" + value + "'", "");
        expectRefusal(world, xml, error, attribute.getKey() + " is ");
        table.append(word ? " option" : " bad");
        refused++;
      }
    }
    System.out.printf("%nbad values in %s: %s%s%n", dialect.token(), VALUES.subList(0, 21), table);
    System.out.println("figure: attributes with bad values refused: " + refused);
    nothingIsBegunAndAllIsWell(world);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void content_everyBadOne_isRefusedAndStartsNothing(Dialect dialect) {
    CallWorld world = world(dialect);
    CONTENTS.forEach((content, error) -> expectRefusal(world, record("", content), error, ""));
    for (String unknown :
        List.of("to='file:/etc/passwd'", "loudness='11'", "Format='mp3'", "_=''")) {
      expectRefusal(world, record(unknown, ""), OPTION, "'" + unknown.split("=", 2)[0] + "'");
    }
    nothingIsBegunAndAllIsWell(world);
  }

  private static void expectRefusal(CallWorld world, String xml, String error, String words) {
    IQ command = world.sends(JULIET, xml);
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(command))).as(xml).isEqualTo(error);
    IQ answer = world.answer(command).orElseThrow();
    assertThat(answer.getElement().elements()).hasSize(2);
    assertThat(answer.getElement().elements().get(0).asXML())
        .isEqualTo(command.getChildElement().asXML());
    assertThat(answer.getError().getText()).contains(words).hasSizeBetween(15, 600);
  }

  private static void nothingIsBegunAndAllIsWell(CallWorld world) {
    assertThat(world.recordings.beginnings).isEmpty();
    assertThat(world.media.captures).isEmpty();
    assertThat(world.quota.taken()).isZero();
    IQ proper = world.sends(JULIET, RECORD);
    world.deliver().media.captures.get(0).begin();
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(proper))).isEqualTo(FINE);
  }
}
