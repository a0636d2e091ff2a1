package org.rayo.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.HANGUP;
import static org.rayo.server.Site.RECORD;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What the server, a call, a mixer and a component say about themselves when they are asked, and
 * that their capabilities stand for just that.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryTest {

  private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";
  private static final List<String> COMPONENTS =
      List.of(
          "urn:xmpp:rayo:1",
          "urn:xmpp:rayo:ext:1",
          "urn:xmpp:rayo:record:1",
          "urn:xmpp:rayo:output:1",
          "urn:xmpp:rayo:input:1",
          "urn:xmpp:rayo:prompt:1",
          "urn:xmpp:rayo:cpa:1");

  private Site site;
  private RayoClient romeo;
  private RayoClient juliet;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    site = Site.embedded(directory);
    romeo = site.availableClient("romeo", "balcony");
    juliet = site.client("juliet", "chamber");
  }

  @AfterAll
  void close() {
    if (site != null) {
      site.close();
    }
  }

  private static Received ask(RayoClient client, String to, String child) {
    return client.await(client.sendIq(IQ.Type.get, to, child));
  }

  private static Received info(RayoClient client, String to, String node) {
    return ask(
        client, to, "<query xmlns='http://jabber.org/protocol/disco#info' node='" + node + "'/>");
  }

  private static List<Element> all(Received stanza, String name) {
    NodeList found = stanza.stanza().getElementsByTagNameNS("*", name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static List<String> features(Received info) {
    return all(expectResult(info), "feature").stream().map(f -> f.getAttribute("var")).toList();
  }

  /** XEP-0115, section 5.1, of what was answered. */
  private static String ver(Received info) throws Exception {
    TreeSet<String> identities = new TreeSet<>();
    for (Element identity : all(info, "identity")) {
      identities.add(
          String.join(
              "/",
              identity.getAttribute("category"),
              identity.getAttribute("type"),
              identity.getAttribute("xml:lang"),
              identity.getAttribute("name")));
    }
    StringBuilder hashed = new StringBuilder();
    identities.forEach(identity -> hashed.append(identity).append('<'));
    new TreeSet<>(features(info)).forEach(feature -> hashed.append(feature).append('<'));
    return Base64.getEncoder()
        .encodeToString(
            MessageDigest.getInstance("SHA-1").digest(hashed.toString().getBytes(UTF_8)));
  }

  private static void assertCapsStandForInfo(RayoClient client, Received presence, String node)
      throws Exception {
    Element caps = all(presence, "c").get(0);
    assertThat(caps.getAttribute("hash")).isEqualTo("sha-1");
    assertThat(caps.getAttribute("node")).isEqualTo(node);
    String ver = caps.getAttribute("ver");
    Received asked = info(client, presence.from(), node + "#" + ver);
    assertThat(ver(asked)).isEqualTo(ver);
    assertThat(features(asked)).containsAll(COMPONENTS).contains(node, "urn:xmpp:ping");
    assertThat(info(client, presence.from(), node + "#other").error())
        .isEqualTo("item-not-found/cancel");
    expectResult(ask(client, presence.from(), PING));
  }

  @Test
  void server_hasWhatItsCallsAndMixersHave() {
    assertThat(
            features(
                ask(
                    juliet,
                    site.component(),
                    "<query xmlns='http://jabber.org/protocol/disco#info'/>")))
        .containsAll(COMPONENTS)
        .contains(
            "urn:xmpp:rayo:call:1",
            "urn:xmpp:rayo:mixer:1",
            "http://jabber.org/protocol/caps",
            "urn:xmpp:delay");
    expectResult(ask(juliet, site.component(), PING));
  }

  @Test
  void entities_capsAreTrue_andWhoeverIsGoneIsNotFound() throws Exception {
    Site.Answered answered = site.answeredCall(romeo, "asked", options -> {});
    String call = answered.address();
    assertCapsStandForInfo(romeo, site.offer(romeo, "asked"), "urn:xmpp:rayo:call:1");

    String mixer =
        expectResult(romeo.command(call, "<join xmlns='urn:xmpp:rayo:1' mixer-name='verona'/>"))
            .ref();
    Received there =
        romeo.await("the mixer", s -> s.from().equals(mixer) && s.child("c").isPresent());
    assertCapsStandForInfo(romeo, there, "urn:xmpp:rayo:mixer:1");
    assertThat(ask(juliet, mixer, PING).error()).isEqualTo("item-not-found/cancel");
    assertThat(info(juliet, mixer, "").error()).isEqualTo("item-not-found/cancel");

    String recording = expectResult(romeo.command(call, RECORD)).ref();
    expectResult(ask(romeo, recording, PING));
    assertThat(features(info(romeo, recording, ""))).contains("urn:xmpp:rayo:ext:1");

    expectResult(romeo.command(call, HANGUP));
    romeo.awaitEvent(call, "end");
    romeo.await(
        "the end of the mixer", s -> s.from().equals(mixer) && s.type().equals("unavailable"));
    for (String gone : List.of(call, recording, mixer, "nobody@" + site.component())) {
      assertThat(ask(romeo, gone, PING).error()).as(gone).isEqualTo("item-not-found/cancel");
      assertThat(info(romeo, gone, "").error()).as(gone).isEqualTo("item-not-found/cancel");
    }
  }
}
