package org.rayo.protocol;

import java.util.Map;
import java.util.Set;
import org.dom4j.Element;
import org.dom4j.QName;

/** Reads the commands of {@code urn:xmpp:rayo:ext:1}, which every component understands. */
final class ExtReader {

  static final Map<QName, CommandElementReader> READERS =
      Map.of(QName.get("stop", Namespaces.EXT), (e, dialect) -> stop(e));

  private ExtReader() {}

  private static RayoCommand stop(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of());
    ElementRules.requireEmpty(command);
    return new ComponentCommand.Stop();
  }
}
