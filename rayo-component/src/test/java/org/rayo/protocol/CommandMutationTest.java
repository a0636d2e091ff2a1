package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.dom4j.Attribute;
import org.dom4j.Element;
import org.dom4j.QName;
import org.junit.jupiter.api.Test;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.xmpp.packet.IQ;

/** Commands that went wrong in every way: refused in order, or read and written unchanged. */
class CommandMutationTest {

  /** {@code -Drayo.mutations=500000} for a long run. */
  private static final int MUTATIONS = Integer.getInteger("rayo.mutations", 10_000);

  private static final long SEED = 327;

  private static final List<String> NAMES =
      List.of(
          "accept",
          "reject",
          "busy",
          "decline",
          "header",
          "hint",
          "record",
          "pause",
          "stop",
          "name",
          "value",
          "to",
          "format",
          "duplex",
          "mix",
          "direction",
          "max-duration",
          "final-timeout",
          "x",
          "_",
          "dial",
          "join",
          "unjoin",
          "call-uri",
          "mixer-name",
          "meta.x",
          "stop-keys",
          "min-duration",
          "output",
          "document",
          "input",
          "grammar",
          "prompt",
          "seek",
          "url",
          "uri",
          "content-type",
          "terminator",
          "amount",
          "repeat-times",
          "max-time",
          "mode");

  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "true",
          "0",
          "-1",
          "-0",
          "+",
          "none",
          "|none",
          "1|none",
          "9223372036854775808",
          "9223372036854775807",
          "1e3",
          "NaN",
          "wav",
          "quality",
          "stop-keys",
          "min-duration",
          "meta.x",
          "##",
          "1000",
          "sip:",
          "sip:a@b",
          "tel:%",
          "xmpp:a@b",
          "xmpp:a%00@b",
          "a@b/c",
          "file:///a",
          "builtin:dtmf/digits",
          "builtin:",
          "cpa",
          "urn:xmpp:rayo:cpa:beep:1?terminate=true",
          "urn:xmpp:rayo:cpa:speech:1?maxTime=1;x",
          "text/plain",
          "text/uri-list",
          "application/ssml+xml",
          "application/srgs+xml",
          "<speak>a</speak>",
          "back",
          "dtmf",
          "0.5",
          "#",
          "://",
          "%",
          "\n",
          "\u00a0",
          "\u0660",
          "😀",
          "<&>'\"",
          "\uFFFD");

  private static final List<String> NAMESPACES =
      List.of(
          "",
          "urn:xmpp:rayo:1",
          "urn:xmpp:rayo:ext:1",
          "urn:xmpp:rayo:record:1",
          "urn:xmpp:rayo:output:1",
          "urn:xmpp:rayo:input:1",
          "urn:xmpp:rayo:prompt:1",
          "urn:other");

  private final Random random = new Random(SEED);

  @Test
  void read_mutatedCommands_areReadOrRefusedInOrder() {
    int read = 0;
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Element command = Xml.parse(pick(KnownStanzas.COMMANDS));
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        mutate(any(command));
      }
      Dialect dialect = pick(List.of(Dialect.values()));
      try {
        checkRead(RayoReader.read(command, dialect), dialect);
        read++;
      } catch (CommandRefusedException e) {
        checkRefusal(command, e.error());
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutation " + i + " of seed " + SEED + ": " + command.asXML(), e);
      }
    }
    System.out.println("figure: mutated commands: " + read + " read, " + refused + " refused");
    assertThat(read).isGreaterThan(MUTATIONS / 50);
    assertThat(refused).isGreaterThan(MUTATIONS / 2);
  }

  private static void checkRead(RayoCommand command, Dialect dialect)
      throws CommandRefusedException {
    if (command instanceof RecordCommand record) {
      dialect.request(record);
    }
    assertThat(RayoReader.read(RayoWriter.write(command), dialect)).isEqualTo(command);
  }

  private static void checkRefusal(Element command, StanzaError error) {
    assertThat(error.text()).isNotBlank();
    IQ iq = new IQ(IQ.Type.set, "m");
    iq.getElement().add(command.createCopy());
    Xml.parse(StanzaErrors.reply(iq, error).toXML());
  }

  private Element any(Element root) {
    List<Element> children = root.elements();
    int choice = random.nextInt(children.size() + 1);
    return choice == children.size() ? root : children.get(choice);
  }

  private void mutate(Element element) {
    switch (random.nextInt(7)) {
      case 0 -> element.addAttribute(pick(NAMES), pick(VALUES));
      case 1 -> changeAnAttribute(element);
      case 2 -> element.addElement(QName.get(pick(NAMES), pick(NAMESPACES)));
      case 3 -> element.addText(pick(VALUES));
      case 4 -> rename(element, QName.get(pick(NAMES), element.getNamespaceURI()));
      case 5 -> rename(element, QName.get(element.getName(), pick(NAMESPACES)));
      default -> element.addAttribute(QName.get(pick(NAMES), "n", "urn:n"), pick(VALUES));
    }
  }

  private static void rename(Element element, QName name) {
    List.copyOf(element.declaredNamespaces()).forEach(element::remove);
    element.setQName(name);
  }

  private void changeAnAttribute(Element element) {
    List<Attribute> attributes = element.attributes();
    if (attributes.isEmpty()) {
      return;
    }
    Attribute attribute = attributes.get(random.nextInt(attributes.size()));
    switch (random.nextInt(3)) {
      case 0 -> element.remove(attribute);
      case 1 -> attribute.setValue(pick(VALUES));
      default -> attribute.setValue(attribute.getValue() + (char) (' ' + random.nextInt(500)));
    }
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
