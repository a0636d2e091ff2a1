package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.rayo.config.RayoConfig;
import org.rayo.config.RecordConfig;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.protocol.Dialect;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/**
 * Clients as they are: what each tells of itself, the dialect it therefore gets, and that dialect
 * on the wire.
 */
class DialectOfClientsTest {

  private static final Path GUIDE =
      Path.of(System.getProperty("rayo.root", ".."), "docs/getting-started.md");

  /** The line that the guide has for clients of the XEP that send no capabilities. */
  private static final Pattern LINE = Pattern.compile("(?m)^rayo\\.record\\.clients = .*$");

  private static DialectPolicy policy(String config) throws Exception {
    RecordConfig record = RayoConfig.loadString("rayo.xmpp.secret = s\n" + config).record();
    return new DialectPolicy(
        record.dialect(),
        record.clients().stream()
            .map(
                client ->
                    new DialectPolicy.Rule(
                        jid -> client.jid().matches(jid.toString()), client.dialect()))
            .toList());
  }

  private static String lineOfTheGuide() throws Exception {
    Matcher line = LINE.matcher(Files.readString(GUIDE));
    assertThat(line.find()).as("%s has %s", GUIDE, LINE).isTrue();
    return line.group();
  }

  /** The client is there, by this presence; the call is its own, and it records it. */
  private static CallWorld recorded(DialectPolicy policy, String presence) throws Exception {
    CallWorld world = new CallWorld(policy);
    Presence announced = new Presence(DocumentHelper.parseText(presence).getRootElement());
    JID client = announced.getFrom();
    world.clients.presence(announced);
    world.announce();
    world.sends(client, CallWorld.ANSWER);
    world.deliver().media.next().done().complete(null);
    world.deliver();
    world.records(client);
    world.media.ended(world.media.captures.get(0), Cause.FINAL_TIMEOUT);
    return world.deliver();
  }

  private static Element ref(CallWorld world) {
    return world.stream.sent().stream()
        .filter(packet -> CallWorld.brief(packet).startsWith("ref"))
        .map(packet -> ((IQ) packet).getChildElement())
        .findFirst()
        .orElseThrow();
  }

  private static String reason(CallWorld world) {
    Packet complete =
        world.stream.sent().stream()
            .filter(packet -> CallWorld.brief(packet).startsWith("complete"))
            .findFirst()
            .orElseThrow();
    return complete.getElement().element("complete").elements().get(0).getName();
  }

  private static void expectTheXep(CallWorld world) {
    assertThat(ref(world).attribute("id")).isNull();
    assertThat(ref(world).attributeValue("uri")).startsWith("xmpp:c1@");
    assertThat(reason(world)).isEqualTo("final-timeout");
    assertThat(world.recordings.beginnings.get(0).manifest().origin().dialect())
        .isEqualTo("xep-0327");
    assertThat(world.recordings.beginnings.get(0).manifest().deliveries().get("local").key())
        .endsWith(".wav");
  }

  private static void expectTheWiki(CallWorld world) {
    assertThat(ref(world).attributeValue("uri"))
        .isEqualTo("xmpp:c1@rayo.example.org/" + ref(world).attributeValue("id"));
    assertThat(reason(world)).isEqualTo("success");
    assertThat(world.recordings.beginnings.get(0).manifest().origin().dialect()).isEqualTo("wiki");
    assertThat(world.recordings.beginnings.get(0).manifest().deliveries().get("local").key())
        .endsWith(".mp3");
  }

  /** Adhearsion, by punchblock and Blather: available, chat, no capabilities. */
  private static final String ADHEARSION =
      "<presence from='adhearsion@example.org/app-host-4711' to='rayo.example.org'>"
          + "<show>chat</show></presence>";

  private static final String WIKI_CLIENT =
      "<presence from='16577@app.rayo.net/1' to='rayo.example.org'/>";

  private static final String XEP_CLIENT =
      "<presence from='juliet@capulet.lit/courtyard' to='rayo.example.org'><show>chat</show>"
          + "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:xmpp:rayo:client:1'"
          + " ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>";

  @Test
  void adhearsion_withTheLineOfTheGuide_getsTheXep() throws Exception {
    expectTheXep(recorded(policy(lineOfTheGuide()), ADHEARSION));
  }

  @Test
  void adhearsion_withoutTheLine_cannotBeToldFromAWikiClient() throws Exception {
    expectTheWiki(recorded(policy(""), ADHEARSION));
  }

  @Test
  void adhearsion_whereTheServerSpeaksTheXep_getsIt() throws Exception {
    expectTheXep(recorded(policy("rayo.record.dialect = xep-0327"), ADHEARSION));
  }

  @Test
  void wikiClient_getsTheWiki_alsoBesideTheLineOfTheGuide() throws Exception {
    expectTheWiki(recorded(policy(""), WIKI_CLIENT));
    expectTheWiki(recorded(policy(lineOfTheGuide()), WIKI_CLIENT));
  }

  @Test
  void wikiClient_whereTheServerSpeaksTheXep_getsTheWikiByItsAddress() throws Exception {
    String config =
        "rayo.record { dialect = xep-0327, clients = [{ jid = \"*@app.rayo.net\", dialect = wiki }] }";
    expectTheWiki(recorded(policy(config), WIKI_CLIENT));
    expectTheXep(recorded(policy(config), XEP_CLIENT));
  }

  @Test
  void clientWithTheCapabilitiesOfRayo_getsTheXepUnlessConfiguredOtherwise() throws Exception {
    expectTheXep(recorded(policy(""), XEP_CLIENT));
    expectTheWiki(
        recorded(
            policy("rayo.record.clients = [{ jid = \"*@capulet.lit\", dialect = wiki }]"),
            XEP_CLIENT));
  }

  @Test
  void clientWithOtherCapabilities_isNoneOfTheXeps() throws Exception {
    expectTheWiki(
        recorded(
            policy(""), XEP_CLIENT.replace("urn:xmpp:rayo:client:1", "http://psi-im.org/caps")));
    assertThat(Dialect.values()).hasSize(2);
  }
}
