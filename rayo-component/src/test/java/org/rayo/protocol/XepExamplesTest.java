package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.dom4j.Element;
import org.dom4j.QName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * The examples of XEP-0327, and of XEP-0341 on call progress analysis, for all that is built: each
 * command is read and written again, each event too, and each answer is made by our own code, and
 * all means what the example means.
 *
 * <p>Those of registration, messages and support are in {@code SessionExamplesTest}.
 */
class XepExamplesTest {

  private static final String XEP_0327 = "xep-0327-";

  private static final List<String> SECTIONS =
      List.of(
          "howitworks",
          "session-component-command-errors",
          "session-component-execution-input",
          "session-component-execution-output",
          "session-component-execution-prompt",
          "session-component-execution-record",
          "session-component-initial-errors",
          "session-establishment-inbound",
          "session-establishment-outbound",
          "session-headers",
          "session-joining",
          "session-mixers",
          "session-termination");

  /** Where our answer to a command that the XEP shows is another one, and why. */
  private static final Map<String, StanzaError> REFUSED =
      Map.of(
          // Parameters are each server's own; of these we have no minVolume and no finalSilence.
          "xep-0341-session-01",
              refusal(
                  "<input xmlns='urn:xmpp:rayo:input:1' mode='cpa'><grammar"
                      + " url='urn:xmpp:rayo:cpa:speech:1?minVolume=10'/></input>"),
          // The XEP's text demands the reason that its example leaves out.
          "session-termination-rejection-01", refusal("<reject xmlns='urn:xmpp:rayo:1'/>"));

  /** What our code says for the reason that the example's title gives. */
  private static final Map<String, StanzaError> ERRORS =
      Map.ofEntries(
          Map.entry(
              "session-component-command-errors-01",
              refusal("<seek xmlns='urn:xmpp:rayo:ext:1'/>")),
          Map.entry(
              "session-component-command-errors-02",
              refusal("<stop xmlns='urn:xmpp:rayo:ext:1' at='5'/>")),
          Map.entry(
              "session-component-command-errors-03",
              refusal("<stop xmlns='urn:xmpp:rayo:ext:1'>now</stop>")),
          Map.entry("session-component-command-errors-04", media(Fault.WRONG_STATE)),
          Map.entry("session-component-command-errors-05", StanzaError.conflict("not yours")),
          Map.entry("session-component-command-errors-07", media(Fault.GONE)),
          Map.entry(
              "session-component-initial-errors-01",
              refusal("<sendfax xmlns='urn:xmpp:rayo:fax:1'/>")),
          Map.entry("session-component-initial-errors-02", media(Fault.UNSUPPORTED)),
          Map.entry(
              "session-component-initial-errors-03",
              refusal("<output xmlns='urn:xmpp:rayo:output:1' repeat-times='foo'/>")),
          Map.entry("session-component-initial-errors-04", media(Fault.NO_RESOURCES)),
          Map.entry("session-component-initial-errors-05", media(Fault.NO_RESOURCES)),
          Map.entry("session-component-initial-errors-06", media(Fault.WRONG_STATE)),
          Map.entry("session-establishment-inbound-02", StanzaError.conflict("taken")),
          Map.entry(
              "session-establishment-outbound-errors-01",
              StanzaError.registrationRequired("unknown")),
          Map.entry(
              "session-establishment-outbound-errors-02", StanzaError.notAuthorized("not you")),
          Map.entry(
              "session-establishment-outbound-errors-03",
              refusal("<dial xmlns='urn:xmpp:rayo:2'/>")),
          Map.entry("session-establishment-outbound-errors-04", media(Fault.NO_RESOURCES)),
          Map.entry(
              "session-establishment-outbound-errors-05",
              refusal("<dial xmlns='urn:xmpp:rayo:1' to='foo:bar'/>")),
          Map.entry("session-establishment-outbound-errors-06", StanzaError.uriInUse("taken")),
          Map.entry("session-joining-errors-01", StanzaError.serviceUnavailable("no call")),
          Map.entry("session-joining-errors-02", StanzaError.notAllowed("another zone")),
          Map.entry("session-joining-errors-03", media(Fault.NO_RESOURCES)),
          Map.entry(
              "session-joining-errors-04",
              refusal("<join xmlns='urn:xmpp:rayo:1' call-uri='xmpp:'/>")),
          Map.entry("session-joining-errors-05", media(Fault.UNSUPPORTED)),
          Map.entry("session-joining-multiple-02", media(Fault.CONFLICT)),
          Map.entry(
              "session-joining-unjoin-command-errors-01",
              StanzaError.serviceUnavailable("no join")),
          Map.entry(
              "session-joining-unjoin-command-errors-02",
              refusal("<unjoin xmlns='urn:xmpp:rayo:1' call-uri='xmpp:'/>")),
          Map.entry("session-termination-end-02", media(Fault.GONE)),
          Map.entry("session-termination-redirection-03", media(Fault.WRONG_STATE)),
          Map.entry("session-termination-rejection-03", StanzaError.notAllowed("accepted")));

  /** Its reason is hangup, where the XEP's text and schema say hungup. */
  private static final String WRITTEN_AS_HUNGUP = "session-termination-end-01";

  private static StanzaError media(Fault fault) {
    return StanzaErrors.of(new MediaException(fault, "for the test"));
  }

  private static StanzaError refusal(String command) {
    return catchThrowableOfType(
            CommandRefusedException.class,
            () -> RayoReader.read(Xml.parse(command), Dialect.XEP_0327))
        .error();
  }

  @BeforeEach
  void examplesAreThere() {
    XepExamples.require();
  }

  @TestFactory
  Stream<DynamicTest> examples() {
    XepExamples.require();
    return ours().map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  @Test
  void examples_everySectionOfOurs_isThere() {
    List<String> names = ours().toList();
    System.out.println("examples of XEP-0327 checked: " + names.size());
    assertThat(names).containsAll(REFUSED.keySet()).containsAll(ERRORS.keySet());
    assertThat(names).contains(WRITTEN_AS_HUNGUP).hasSize(90);
  }

  @Test
  void examples_all_areTestedHereOrWhereTheyBelong() {
    List<String> elsewhere =
        List.of(
            // SessionExamplesTest
            "session-im-call-bound-01",
            "session-registration-01",
            "session-registration-02",
            "support-01",
            "support-02",
            "xep-0341-support-01",
            "xep-0341-support-02",
            // SlixmppTest
            "support-03",
            "support-04");
    assertThat(Stream.concat(ours(), elsewhere.stream()))
        .containsExactlyInAnyOrderElementsOf(
            XepExamples.names().stream()
                .filter(name -> name.startsWith(XEP_0327) || name.startsWith("xep-0341-"))
                .map(name -> name.replace(XEP_0327, ""))
                .toList())
        .hasSize(94 + 5);
  }

  /** Without the number of XEP-0327. */
  private static Stream<String> ours() {
    return XepExamples.names().stream()
        .map(name -> name.replace(XEP_0327, ""))
        .filter(XepExamplesTest::isOurs);
  }

  private static boolean isOurs(String name) {
    return name.matches("session-component-execution-[0-9]+")
        || name.startsWith("xep-0341-session-")
        || SECTIONS.stream().anyMatch(section -> name.matches(section + "(-[a-z]+)*-[0-9]+"));
  }

  private static void check(String name) {
    for (Element stanza : Xml.stanzas(text(name))) {
      String type = stanza.attributeValue("type", "");
      if (stanza.getName().equals("presence")) {
        checkEvent(name, new Presence(stanza));
      } else if (type.equals("set")) {
        checkCommand(name, new IQ(stanza));
      } else if (type.equals("error")) {
        checkError(name, stanza);
      } else {
        checkResult(new IQ(stanza));
      }
    }
  }

  private static String text(String name) {
    return XepExamples.text(name.startsWith("xep-") ? name : XEP_0327 + name);
  }

  private static void checkCommand(String name, IQ iq) {
    Element child = iq.getChildElement();
    for (Dialect dialect : Dialect.values()) {
      try {
        RayoCommand command = RayoReader.read(child, dialect);
        assertThat(comparable(Xml.meaning(RayoWriter.write(command))))
            .isEqualTo(comparable(Xml.meaning(child)));
        assertThat(REFUSED).doesNotContainKey(name);
      } catch (CommandRefusedException refused) {
        assertThat(refused.error()).isEqualTo(REFUSED.get(name));
      }
    }
  }

  private static void checkResult(IQ example) {
    IQ command = new IQ(IQ.Type.set, example.getID());
    command.setFrom(example.getTo());
    command.setTo(example.getFrom());
    IQ result = IQ.createResultIQ(command);
    Element ref = example.getChildElement();
    if (ref != null) {
      String component = ref.attributeValue("uri").substring("xmpp:".length());
      result.setChildElement(Dialect.XEP_0327.ref(new JID(component)));
    }
    assertThat(comparable(Xml.meaning(result.getElement())))
        .isEqualTo(comparable(Xml.meaning(example.getElement())));
  }

  private static void checkError(String name, Element example) {
    IQ command = new IQ(IQ.Type.set, example.attributeValue("id"));
    command.setFrom(example.attributeValue("to"));
    command.setTo(example.attributeValue("from"));
    command.setChildElement(example.elements().get(0).createCopy());
    assertThat(ERRORS).containsKey(name);

    Element reply = StanzaErrors.reply(command, ERRORS.get(name)).getElement();

    Element error = reply.element("error");
    Element text = error.element(QName.get("text", "urn:ietf:params:xml:ns:xmpp-stanzas"));
    assertThat(text.getText()).isNotBlank();
    error.remove(text); // The examples have none; ours says more.
    assertThat(comparable(Xml.meaning(reply))).isEqualTo(comparable(Xml.meaning(example)));
  }

  private static void checkEvent(String name, Presence example) {
    Element ours =
        RayoEventReader.read(example)
            .map(event -> written(example, event))
            .orElseGet(() -> available(example))
            .getElement();
    ours.attribute("id").detach();
    ours.element(RayoWriter.DELAY).detach();
    String meant = Xml.meaning(example.getElement());
    if (name.equals(WRITTEN_AS_HUNGUP)) {
      meant = meant.replace("}hangup [", "}hungup [");
    }
    assertThat(comparable(Xml.meaning(ours))).isEqualTo(comparable(meant));
  }

  /**
   * Without what makes no difference: case, for the XEP writes nodes of addresses as XMPP does not,
   * and a default that one of its joins spells out.
   */
  private static String comparable(String meaning) {
    return meaning.toLowerCase(Locale.ROOT).replace(" direction='duplex'", "");
  }

  private static Presence available(Presence example) {
    Element caps = example.getElement().elements().get(0);
    assertThat(caps.getName()).isEqualTo("c");
    return RayoWriter.available(example.getFrom(), example.getTo(), Instant.EPOCH, caps);
  }

  private static Presence written(Presence example, RayoEvent event) {
    Instant when = Instant.EPOCH;
    if (event instanceof RayoEvent.Offer offer) {
      Element caps = example.getElement().elements().get(0);
      return RayoWriter.offer(example.getFrom(), example.getTo(), offer, when, caps);
    }
    return RayoWriter.presence(example.getFrom(), example.getTo(), event, when);
  }
}
