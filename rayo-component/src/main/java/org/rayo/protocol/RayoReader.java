package org.rayo.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dom4j.Element;
import org.dom4j.QName;

/**
 * Commands from their XML: a table from an element's name to the reader of its namespace.
 *
 * <p>Everything that can be known from the command alone is checked here, before anything is begun;
 * nothing that is written in a command is ignored except hints that nobody knows and attributes
 * with a namespace.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session">XEP-0327, session</a>
 */
public final class RayoReader {

  private static final Map<QName, CommandElementReader> READERS = readers();

  private RayoReader() {}

  private static Map<QName, CommandElementReader> readers() {
    Map<QName, CommandElementReader> readers = new LinkedHashMap<>();
    readers.putAll(CallReader.READERS);
    readers.putAll(DialReader.READERS);
    readers.putAll(JoinReader.READERS);
    readers.putAll(RecordReader.READERS);
    readers.putAll(OutputReader.READERS);
    readers.putAll(InputReader.READERS);
    readers.putAll(PromptReader.READERS);
    readers.putAll(ExtReader.READERS);
    return Map.copyOf(readers);
  }

  /**
   * Reads the child of an iq of type set.
   *
   * @param dialect what this client speaks
   * @throws CommandRefusedException with {@code feature-not-implemented} of type cancel for a
   *     command that is not in the table, else with the error of the first thing that is wrong
   */
  public static RayoCommand read(Element child, Dialect dialect) throws CommandRefusedException {
    Optional<CommandElementReader> reader = Optional.ofNullable(READERS.get(child.getQName()));
    if (reader.isEmpty()) {
      throw new CommandRefusedException(
          StanzaError.notImplemented(
              "the command "
                  + XmlText.quote(child.getName())
                  + " of "
                  + XmlText.quote(child.getNamespaceURI())
                  + " is not implemented; implemented are: "
                  + implemented()));
    }
    return reader.orElseThrow().read(child, dialect);
  }

  /** The names of the table, sorted; some are in more than one namespace. */
  private static String implemented() {
    return READERS.keySet().stream()
        .map(QName::getName)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
