package org.rayo.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.protocol.CallCommand.OutputCommand;
import org.rayo.protocol.ComponentCommand.OutputStep;

/**
 * Reads the commands of {@code urn:xmpp:rayo:output:1}.
 *
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-output">XEP-0327,
 *     output component</a>
 */
final class OutputReader {

  static final QName OUTPUT = name("output");
  static final QName DOCUMENT = name("document");
  static final QName SEEK = name("seek");

  static final Map<QName, CommandElementReader> READERS = readers();

  private static final Set<String> ATTRIBUTES =
      Set.of(
          "start-offset",
          "start-paused",
          "repeat-interval",
          "repeat-times",
          "max-time",
          "renderer",
          "voice");

  private OutputReader() {}

  private static QName name(String element) {
    return QName.get(element, Namespaces.OUTPUT);
  }

  private static Map<QName, CommandElementReader> readers() {
    Map<QName, CommandElementReader> readers = new LinkedHashMap<>();
    readers.put(OUTPUT, (e, dialect) -> output(e));
    readers.put(SEEK, (e, dialect) -> seek(e));
    for (OutputStep step : OutputStep.values()) {
      readers.put(name(step.element()), (e, dialect) -> step(e, step));
    }
    return Map.copyOf(readers);
  }

  private static RayoCommand step(Element command, OutputStep step) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of());
    ElementRules.requireEmpty(command);
    return step;
  }

  private static RayoCommand seek(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of("direction", "amount"));
    ElementRules.requireEmpty(command);
    String direction = ElementRules.required(command, "direction").strip();
    ElementRules.required(command, "amount");
    OptionalLong amount = AttributeValues.millis(command, "amount");
    if (amount.isEmpty()) {
      throw AttributeValues.bad(command, "amount", "positive milliseconds are allowed");
    }
    return switch (direction) {
      case "forward" -> new ComponentCommand.Seek(amount.getAsLong());
      case "back" -> new ComponentCommand.Seek(-amount.getAsLong());
      default -> throw AttributeValues.bad(command, "direction", "forward and back are allowed");
    };
  }

  /** The command, or the output of a prompt. */
  static OutputCommand output(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, ATTRIBUTES);
    ElementRules.allowChildren(command, Set.of(DOCUMENT));
    ElementRules.refuseOption(command, "renderer");
    OutputCommand read =
        new OutputCommand(
            documents(command),
            AttributeValues.count(command, "start-offset", 0, Long.MAX_VALUE),
            AttributeValues.bool(command, "start-paused").orElse(false),
            AttributeValues.count(command, "repeat-interval", 0, Long.MAX_VALUE),
            (int) AttributeValues.count(command, "repeat-times", 1, Integer.MAX_VALUE),
            AttributeValues.millis(command, "max-time"),
            ElementRules.attribute(command, "voice")
                .map(String::strip)
                .filter(voice -> !voice.isEmpty()));
    return read;
  }

  private static List<Document> documents(Element command) throws CommandRefusedException {
    List<Document> documents = new ArrayList<>();
    int segments = 0;
    for (Element element : command.elements(DOCUMENT)) {
      Document document = DocumentReader.read(element);
      segments += document.segments().size();
      if (segments > DocumentReader.MOST_SEGMENTS) {
        throw DocumentReader.tooMany();
      }
      documents.add(document);
    }
    if (documents.isEmpty()) {
      throw ElementRules.badRequest("output has no document; at least one is required");
    }
    return documents;
  }
}
