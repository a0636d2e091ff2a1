package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.dom4j.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.Presence;

class StanzaRouterTest {
  private static final String DOMAIN = "rayo.localhost";
  private static final Map<String, EntityKind> EXISTING =
      Map.of(
          DOMAIN,
          EntityKind.SERVER,
          "call@" + DOMAIN,
          EntityKind.CALL,
          "mixer@" + DOMAIN,
          EntityKind.MIXER,
          "call@" + DOMAIN + "/rec",
          EntityKind.COMPONENT);

  private final FakeSender sender = new FakeSender();
  private final List<IQ> commands = new ArrayList<>();
  private final List<Presence> presences = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final StanzaRouter router =
      new StanzaRouter(
          DOMAIN,
          sender,
          (address, asker) -> Optional.ofNullable(EXISTING.get(address.toString())),
          commands::add,
          presences::add);

  @AfterEach
  void close() {
    router.queries().close();
  }

  private IQ ask(String type, String to, String child) throws Exception {
    router.stanza(
        Stanzas.packet(
            "<iq type='%s' id='i1' from='juliet@localhost/b' to='%s'>%s</iq>"
                .formatted(type, to, child)));
    return (IQ) sender.only();
  }

  private static void assertError(IQ reply, String condition, String type, String echoed) {
    assertThat(reply.getType()).isEqualTo(IQ.Type.error);
    assertThat(reply.getID()).isEqualTo("i1");
    assertThat(reply.getTo()).isEqualTo(new JID("juliet@localhost/b"));
    List<Element> children = reply.getElement().elements();
    assertThat(reply.getError().getCondition().toXMPP()).isEqualTo(condition);
    assertThat(reply.getError().getType().toXMPP()).isEqualTo(type);
    assertThat(reply.getError().getText()).isNotBlank();
    assertThat(reply.getError().getElement().attribute("code")).isNull();
    assertThat(children.get(children.size() - 1).getName()).isEqualTo("error");
    if (!echoed.isEmpty()) {
      assertThat(children.get(0).getName()).isEqualTo(echoed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"urn:xmpp:rayo:1", "urn:xmpp:rayo:record:1", "urn:xmpp:rayo:ext:1"})
  void stanza_rayoCommand_goesToTheHandlerUnanswered(String namespace) throws Exception {
    router.stanza(
        Stanzas.packet(
            "<iq type='set' id='i1' from='a@b/c' to='nowhere@%s'><x xmlns='%s'/></iq>"
                .formatted(DOMAIN, namespace)));
    assertThat(commands).hasSize(1);
    assertThat(sender.sent).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "rayo.localhost, component",
        "call@rayo.localhost, client",
        "mixer@rayo.localhost, client",
        "call@rayo.localhost/rec, client"
      })
  void stanza_discoInfo_listsFeatures(String to, String category) throws Exception {
    IQ reply = ask("get", to, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    assertThat(reply.getType()).isEqualTo(IQ.Type.result);
    assertThat(reply.getFrom().toString()).isEqualTo(to);
    Element query = reply.getChildElement();
    assertThat(query.element("identity").attributeValue("category")).isEqualTo(category);
    assertThat(query.elements("feature"))
        .extracting(feature -> feature.attributeValue("var"))
        .contains("urn:xmpp:rayo:1", "urn:xmpp:ping", "http://jabber.org/protocol/caps")
        .isSorted();
  }

  @ParameterizedTest
  @CsvSource({
    "SERVER, rayo.localhost, urn:xmpp:rayo:1",
    "CALL, call@rayo.localhost, urn:xmpp:rayo:call:1",
    "MIXER, mixer@rayo.localhost, urn:xmpp:rayo:mixer:1",
    "COMPONENT, call@rayo.localhost/rec, urn:xmpp:rayo:ext:1"
  })
  void stanza_discoInfoOfOurVer_isWhatTheHashSays(EntityKind kind, String to, String ofKind)
      throws Exception {
    EntityCaps caps = router.disco().caps(kind);
    IQ reply =
        ask(
            "get",
            to,
            "<query xmlns='http://jabber.org/protocol/disco#info' node='%s'/>"
                .formatted(caps.nodeWithVer()));
    Element query = reply.getChildElement();
    assertThat(query.attributeValue("node")).isEqualTo(ofKind + "#" + caps.ver());
    Element identity = query.element("identity");
    EntityCaps read =
        new EntityCaps(
            caps.node(),
            List.of(
                new EntityCaps.Identity(
                    identity.attributeValue("category"),
                    identity.attributeValue("type"),
                    identity.attributeValue("lang"),
                    identity.attributeValue("name"))),
            query.elements("feature").stream()
                .map(feature -> feature.attributeValue("var"))
                .collect(Collectors.toSet()));
    assertThat(read.ver()).isEqualTo(caps.ver());
  }

  @ParameterizedTest
  @CsvSource({"disco#info", "disco#items"})
  void stanza_discoOfUnknownNode_isItemNotFound(String query) throws Exception {
    IQ reply =
        ask(
            "get",
            DOMAIN,
            "<query xmlns='http://jabber.org/protocol/%s' node='x'/>".formatted(query));
    assertError(reply, "item-not-found", "cancel", "query");
  }

  @Test
  void stanza_discoItems_isEmpty() throws Exception {
    IQ reply = ask("get", DOMAIN, "<query xmlns='http://jabber.org/protocol/disco#items'/>");
    assertThat(reply.getType()).isEqualTo(IQ.Type.result);
    assertThat(reply.getChildElement().elements()).isEmpty();
  }

  @Test
  void stanza_pingOfExisting_isResult() throws Exception {
    IQ reply = ask("get", "call@" + DOMAIN + "/rec", "<ping xmlns='urn:xmpp:ping'/>");
    assertThat(StanzaWriter.xml(reply.getElement()))
        .isEqualTo(
            "<iq type=\"result\" id=\"i1\" from=\"call@rayo.localhost/rec\""
                + " to=\"juliet@localhost/b\"/>");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "get, gone@rayo.localhost, <ping xmlns='urn:xmpp:ping'/>, item-not-found, cancel, ping",
        "get, gone@rayo.localhost, <query xmlns='http://jabber.org/protocol/disco#info'/>,"
            + " item-not-found, cancel, query",
        "get, call@rayo.localhost/no, <query xmlns='http://jabber.org/protocol/disco#items'/>,"
            + " item-not-found, cancel, query",
        "set, rayo.localhost, <ping xmlns='urn:xmpp:ping'/>, bad-request, modify, ping",
        "get, rayo.localhost, <query xmlns='jabber:iq:version'/>, service-unavailable, cancel, query",
        "set, rayo.localhost, <record/>, service-unavailable, cancel, record",
        "get, rayo.localhost, \"\", bad-request, modify, \"\"",
        "set, call@rayo.localhost, <a xmlns='urn:xmpp:rayo:1'/><b xmlns='urn:xmpp:rayo:1'/>,"
            + " bad-request, modify, a",
      })
  void stanza_iqNobodyTakes_isRefused(
      String type, String to, String child, String condition, String errorType, String echoed)
      throws Exception {
    assertError(ask(type, to, child), condition, errorType, echoed);
    assertThat(sender.only().getFrom()).isEqualTo(new JID(to));
    assertThat(commands).isEmpty();
  }

  private static Packet message(String type, String to) throws Exception {
    return Stanzas.packet(
        "<message type='%s' id='m1' from='a@b/c' to='%s'><body>x</body></message>"
            .formatted(type, to));
  }

  @ParameterizedTest
  @CsvSource({
    "normal, rayo.localhost, feature-not-implemented, cancel",
    "odd, rayo.localhost, feature-not-implemented, cancel",
    "chat, rayo.localhost, feature-not-implemented, modify",
    "groupchat, mixer@rayo.localhost, feature-not-implemented, modify",
    "normal, mixer@rayo.localhost, feature-not-implemented, cancel",
    "normal, call@rayo.localhost/rec, feature-not-implemented, cancel",
    "chat, call@rayo.localhost, feature-not-implemented, modify",
    "headline, call@rayo.localhost, feature-not-implemented, modify",
    "normal, gone@rayo.localhost, item-not-found, cancel",
    "chat, gone@rayo.localhost, item-not-found, cancel",
    "normal, call@rayo.localhost/gone, item-not-found, cancel"
  })
  void stanza_messageNobodyTakes_isRefused(
      String type, String to, String condition, String errorType) throws Exception {
    withMessages().stanza(message(type, to));
    Packet reply = sender.only();
    assertThat(messages).isEmpty();
    assertThat(reply.getElement().attributeValue("type")).isEqualTo("error");
    assertThat(reply.getFrom()).isEqualTo(new JID(to));
    assertThat(reply.getTo()).isEqualTo(new JID("a@b/c"));
    assertThat(reply.getID()).isEqualTo("m1");
    assertThat(reply.getError().getCondition().toXMPP()).isEqualTo(condition);
    assertThat(reply.getError().getType().toXMPP()).isEqualTo(errorType);
    assertThat(reply.getElement().elementText("body")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"normal", "", "odd"})
  void stanza_messageToACall_goesToTheHandlerUnanswered(String type) throws Exception {
    withMessages().stanza(message(type, "call@" + DOMAIN));
    assertThat(messages).extracting(Message::getBody).containsExactly("x");
    assertThat(sender.sent).isEmpty();
  }

  @Test
  void stanza_errorOfAMessageToACall_isNotAnsweredAndGoesToNobody() throws Exception {
    withMessages().stanza(message("error", "call@" + DOMAIN));
    withMessages().stanza(message("error", "gone@" + DOMAIN));
    assertThat(messages).isEmpty();
    assertThat(sender.sent).isEmpty();
  }

  @Test
  void stanza_messageHandlerThrows_isInternalServerError() throws Exception {
    StanzaRouter failing =
        withMessages(
            message -> {
              throw new IllegalStateException("on purpose");
            });
    failing.stanza(message("normal", "call@" + DOMAIN));
    assertThat(sender.only().getError().getCondition())
        .isEqualTo(PacketError.Condition.internal_server_error);
  }

  private StanzaRouter withMessages() {
    return withMessages(messages::add);
  }

  private StanzaRouter withMessages(MessageHandler handler) {
    return new StanzaRouter(
        sender,
        (address, asker) -> Optional.ofNullable(EXISTING.get(address.toString())),
        commands::add,
        presences::add,
        handler,
        router.disco(),
        router.queries());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<message type='error' from='a@b' to='c@d'/>",
        "<iq type='result' id='1' from='a@b' to='c@d'/>",
        "<iq type='error' id='1' from='a@b' to='c@d'/>"
      })
  void stanza_answers_areNotAnswered(String xml) throws Exception {
    router.stanza(Stanzas.packet(xml));
    assertThat(sender.sent).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "type='unavailable'", "type='error'", "type='probe'"})
  void stanza_presence_goesToTheHandler(String type) throws Exception {
    router.stanza(Stanzas.packet("<presence %s from='a@b' to='c@d'/>".formatted(type)));
    assertThat(presences).hasSize(1);
    assertThat(sender.sent).isEmpty();
  }

  @Test
  void stanza_handlerThrows_isInternalServerError() throws Exception {
    StanzaRouter failing =
        new StanzaRouter(
            DOMAIN,
            sender,
            (address, asker) -> Optional.empty(),
            iq -> {
              throw new IllegalStateException("on purpose");
            },
            presences::add);
    failing.stanza(
        Stanzas.packet(
            "<iq type='set' id='i1' from='juliet@localhost/b' to='c@d'>"
                + "<accept xmlns='urn:xmpp:rayo:1'/></iq>"));
    assertError((IQ) sender.only(), "internal-server-error", "wait", "accept");
    failing.queries().close();
  }

  @Test
  void stanza_answerToOurQuery_completesIt() throws Exception {
    CompletableFuture<IQ> answer =
        router.queries().ping(new JID("juliet@localhost/b")).toCompletableFuture();
    IQ asked = (IQ) sender.only();
    String reply = "<iq type='%s' id='%s' from='%s' to='" + DOMAIN + "'/>";
    router.stanza(Stanzas.packet(reply.formatted("result", asked.getID(), "mallory@localhost/b")));
    router.stanza(Stanzas.packet(reply.formatted("result", "other", "juliet@localhost/b")));
    assertThat(answer).isNotDone();
    router.stanza(Stanzas.packet(reply.formatted("error", asked.getID(), "juliet@localhost/b")));
    assertThat(answer.join().getType()).isEqualTo(IQ.Type.error);
    assertThat(router.queries().size()).isZero();
  }

  @Test
  void ask_noAnswer_timesOutAndForgets() {
    IQ iq = new IQ(IQ.Type.get);
    iq.setTo("a@b/c");
    assertThat(router.queries().ask(iq, Duration.ofMillis(50)).toCompletableFuture())
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            ComponentStreamException.class,
            e -> assertThat(e.kind()).isEqualTo(ComponentStreamException.Kind.TIMED_OUT));
    assertThat(router.queries().size()).isZero();
  }

  @Test
  void ask_connectionGoes_fails() {
    CompletableFuture<IQ> before = router.queries().ping(new JID("a@b/c")).toCompletableFuture();
    router.queries().disconnected("gone");
    sender.connected = false;
    CompletableFuture<IQ> after = router.queries().ping(new JID("a@b/c")).toCompletableFuture();
    assertThat(before).isCompletedExceptionally();
    assertThat(after).isCompletedExceptionally();
    assertThat(router.queries().size()).isZero();
  }

  @Test
  void presence_showOverSeveralLines_isReadWithoutThem() throws Exception {
    router.stanza(
        Stanzas.packet(
            "<presence from='a@b/c' to='rayo.localhost'><show>\n  dnd\n</show></presence>"));
    assertThat(presences).extracting(Presence::getShow).containsExactly(Presence.Show.dnd);
    assertThat(
            Admission.of(
                Stanzas.element(
                    "<presence from='a@b/c' to='rayo.localhost'><show/><show>x</show></presence>"),
                new JID(DOMAIN)))
        .isInstanceOf(Admission.Answered.class);
  }
}
