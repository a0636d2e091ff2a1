package org.rayo.protocol;

import java.util.Map;
import java.util.Set;
import org.dom4j.Element;
import org.dom4j.QName;

/**
 * Reads {@code <prompt/>}: exactly one output and one input, in any order.
 *
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-prompt">XEP-0327,
 *     prompt component</a>
 */
final class PromptReader {

  static final QName PROMPT = QName.get("prompt", Namespaces.PROMPT);

  static final Map<QName, CommandElementReader> READERS = Map.of(PROMPT, (e, dialect) -> prompt(e));

  private PromptReader() {}

  private static RayoCommand prompt(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of("barge-in"));
    ElementRules.allowChildren(command, Set.of(OutputReader.OUTPUT, InputReader.INPUT));
    return new CallCommand.PromptCommand(
        OutputReader.output(only(command, OutputReader.OUTPUT)),
        InputReader.input(only(command, InputReader.INPUT)),
        AttributeValues.bool(command, "barge-in").orElse(true));
  }

  private static Element only(Element command, QName name) throws CommandRefusedException {
    int count = command.elements(name).size();
    if (count != 1) {
      throw ElementRules.badRequest(
          "prompt needs exactly one " + name.getName() + ", but has " + count);
    }
    return command.elements(name).get(0);
  }
}
