package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dom4j.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.TextMessages;
import org.rayo.protocol.XepExamples;
import org.rayo.protocol.Xml;
import org.rayo.xmpp.Disco;
import org.rayo.xmpp.EntityKind;
import org.rayo.xmpp.PendingQueries;
import org.rayo.xmpp.StanzaRouter;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Presence;

/**
 * The examples of XEP-0327 and XEP-0341 that are no commands and no events: registration, messages
 * and support, each as the server takes it in.
 */
class SessionExamplesTest {

  private static final JID CLIENT = new JID("juliet@capulet.lit/balcony");

  private final FakeStream stream = new FakeStream();
  private final Clients clients =
      new Clients(
          new JID("shakespeare.lit"),
          stream,
          new FakePings(),
          new DialectPolicy(Dialect.WIKI, List.of()),
          new FakeClock(),
          100);

  private final PendingQueries queries = new PendingQueries("shakespeare.lit", stream);

  @AfterEach
  void close() {
    queries.close();
  }

  @BeforeEach
  void examplesAreThere() {
    XepExamples.require();
    clients.connected();
  }

  private static Element stanza(String example) {
    return Xml.stanzas(XepExamples.text(example)).get(0);
  }

  @Test
  void registration_chatAndThenDnd_isOfferedCallsAndThenNone() {
    clients.presence(new Presence(stanza("xep-0327-session-registration-01")));
    assertThat(clients.takingOffers()).containsExactly(CLIENT);
    assertThat(clients.dialectOf(CLIENT)).isEqualTo(Dialect.XEP_0327);
    clients.presence(new Presence(stanza("xep-0327-session-registration-02")));
    assertThat(clients.takingOffers()).isEmpty();
  }

  @Test
  void message_toACall_isWhatTheSipMessageSays() {
    String example = XepExamples.text("xep-0327-session-im-call-bound-01");
    String xmpp = example.substring(0, example.indexOf("MESSAGE sip:"));
    Message message = new Message(Xml.stanzas(xmpp).get(0));
    CallWorld world = CallWorld.answered(CLIENT);
    List<Message> handled = new ArrayList<>();
    router(EntityKind.CALL, handled).stanza(message);
    assertThat(handled).hasSize(1);
    // As the dispatcher hands it over.
    String text = TextMessages.text(message).orElseThrow();
    world.mailbox.add(new CallActor.TextToSend(message, text));
    world.deliver();
    String body = example.strip().lines().reduce((first, last) -> last).orElseThrow();
    assertThat(example).contains("Content-Type: text/plain");
    assertThat(world.media.askedFor()).last().isEqualTo("message text/plain " + body);
    assertThat(stream.sent()).isEmpty();
  }

  /** XEP-0341 shows versions 0, and its registry 1; XEP-0327 has {@code urn:xmpp:rayo:1}. */
  @ParameterizedTest
  @CsvSource({"xep-0327", "xep-0341"})
  void support_query_isAnsweredWithEveryFeatureOfTheExample(String xep) {
    router(EntityKind.SERVER, new ArrayList<>()).stanza(new IQ(stanza(xep + "-support-01")));
    Element ours = stream.sent().get(0).getElement();
    Element example = stanza(xep + "-support-02");
    for (String attribute : List.of("from", "to", "id", "type")) {
      assertThat(ours.attributeValue(attribute)).isEqualTo(example.attributeValue(attribute));
    }
    List<String> wanted = features(example);
    assertThat(wanted).isNotEmpty();
    assertThat(features(ours))
        .containsAll(wanted.stream().map(name -> name.replace(":0", ":1")).toList());
  }

  private static List<String> features(Element info) {
    return info.elements().get(0).elements("feature").stream()
        .map(feature -> feature.attributeValue("var"))
        .toList();
  }

  /** Everything there is is of this kind. */
  private StanzaRouter router(EntityKind kind, List<Message> messages) {
    return new StanzaRouter(
        stream,
        (to, asker) -> Optional.of(kind),
        iq -> {},
        presence -> {},
        messages::add,
        Disco.standard(),
        queries);
  }
}
