package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Presence;

/**
 * Every stanza that the wiki page "Record" of 2011 prints, read and written again, and meaning the
 * same. The page is read from the file in the environment's {@code RAYO_WIKI_PAGE}; where there is
 * none the test is skipped, but not in CI.
 */
class WikiPageTest {

  private static final Path PAGE =
      Path.of(
          Optional.ofNullable(System.getenv("RAYO_WIKI_PAGE"))
              .orElse(System.getProperty("rayo.root", ".") + "/../shared/brief/rayo-record.txt"));

  private static final Pattern STANZA = Pattern.compile("(?s)<(iq|presence)\\b.*?</\\1>");

  @Test
  void page_everyStanza_meansTheSameWhenWrittenAgain() throws IOException {
    if (!Files.isRegularFile(PAGE)) {
      String reason = "the wiki page is not at " + PAGE + " (RAYO_WIKI_PAGE)";
      System.out.println("skipped: " + reason);
      assertThat(System.getenv("CI")).as("CI, where %s", reason).isNotEqualTo("true");
      assumeTrue(false, reason);
    }
    List<String> stanzas =
        STANZA.matcher(Files.readString(PAGE)).results().map(MatchResult::group).toList();
    System.out.println("figure: stanzas of the wiki page checked: " + stanzas.size());
    assertThat(stanzas).hasSize(9);
    for (String stanza : stanzas) {
      Element printed = Xml.parse(stanza);
      if (printed.getName().equals("iq")) {
        checkCommand(printed);
      } else {
        checkEvent(printed);
      }
    }
  }

  private static void checkCommand(Element printed) {
    Element child = new IQ(printed).getChildElement();
    try {
      RayoCommand command = RayoReader.read(child, Dialect.WIKI);
      // It prints both values that may stand there; we read the first.
      String meant = Xml.meaning(child).replace("|none", "");
      assertThat(Xml.meaning(RayoWriter.write(command))).isEqualTo(meant);
    } catch (CommandRefusedException refused) {
      throw new AssertionError(printed.asXML(), refused);
    }
  }

  private static void checkEvent(Element printed) {
    Presence presence = new Presence(printed);
    RayoEvent event = RayoEventReader.read(presence).orElseThrow();
    Presence ours = RayoWriter.presence(presence.getFrom(), presence.getTo(), event, Instant.EPOCH);
    assertThat(ours.getType()).isEqualTo(Presence.Type.unavailable);
    assertThat(Xml.meaning(ours.getElement().elements().get(0)))
        .isEqualTo(Xml.meaning(printed.elements().get(0)));
    assertThat(ours.getFrom()).isEqualTo(presence.getFrom());
    assertThat(ours.getTo()).isEqualTo(presence.getTo());
  }
}
