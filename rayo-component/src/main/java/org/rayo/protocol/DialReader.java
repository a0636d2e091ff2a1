package org.rayo.protocol;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;
import org.dom4j.QName;
import org.xmpp.packet.JID;

/**
 * Reads {@code <dial/>}.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-establishment-outbound">XEP-0327,
 *     outbound sessions</a>
 */
final class DialReader {

  static final Map<QName, CommandElementReader> READERS =
      Map.of(QName.get("dial", Namespaces.RAYO), (e, dialect) -> dial(e));

  /** Joins of one dial. */
  private static final int MOST_JOINS = 64;

  private DialReader() {}

  private static RayoCommand dial(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of("to", "from", "uri", "timeout"));
    ElementRules.allowChildren(command, Set.of(ElementRules.HEADER, JoinReader.JOIN));
    ElementRules.required(command, "to");
    Optional<URI> to = CallReader.dialled(command, "to");
    if (to.isEmpty()) {
      throw AttributeValues.bad(command, "to", "a sip:, sips: or tel: URI is allowed");
    }
    return new ServerCommand.Dial(
        to.orElseThrow(),
        from(command),
        uri(command),
        AttributeValues.millis(command, "timeout"),
        ElementRules.headers(command),
        joins(command));
  }

  private static List<CallCommand.Join> joins(Element command) throws CommandRefusedException {
    List<Element> written = command.elements(JoinReader.JOIN);
    if (written.size() > MOST_JOINS) {
      throw ElementRules.badRequest(
          "dial has " + written.size() + " joins; up to " + MOST_JOINS + " are allowed");
    }
    List<CallCommand.Join> joins = new ArrayList<>();
    for (Element join : written) {
      joins.add(JoinReader.join(join));
    }
    return joins;
  }

  /** A JID without a scheme becomes an {@code xmpp:} URI. */
  private static Optional<URI> from(Element command) throws CommandRefusedException {
    Optional<String> written = ElementRules.attribute(command, "from");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Optional<URI> from = CallReader.dialled(command, "from");
    if (from.isEmpty()) {
      from = XmppUri.entity(written.orElseThrow().strip()).map(jid -> URI.create(XmppUri.of(jid)));
    }
    if (from.isEmpty()) {
      throw AttributeValues.bad(
          command, "from", "a sip:, sips:, tel: or xmpp: URI, or a JID, is allowed");
    }
    return from;
  }

  private static Optional<JID> uri(Element command) throws CommandRefusedException {
    Optional<String> written = ElementRules.attribute(command, "uri");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Optional<JID> uri =
        XmppUri.entity(written.orElseThrow().strip()).filter(jid -> jid.getResource() == null);
    if (uri.isEmpty()) {
      throw AttributeValues.bad(
          command, "uri", "the bare JID of a call, with or without xmpp: before it, is allowed");
    }
    return uri;
  }
}
