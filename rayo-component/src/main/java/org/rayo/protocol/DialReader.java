package org.rayo.protocol;

import java.net.URI;
import java.net.URISyntaxException;
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

  private static final QName JOIN = QName.get("join", Namespaces.RAYO);
  private static final String XMPP = "xmpp";

  private DialReader() {}

  private static RayoCommand dial(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of("to", "from", "uri", "timeout"));
    if (command.element(JOIN) != null) {
      throw new CommandRefusedException(
          StanzaError.optionNotImplemented("dial holds a join, and joins are not implemented"));
    }
    ElementRules.allowChildren(command, Set.of(ElementRules.HEADER));
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
        ElementRules.headers(command));
  }

  /** A JID without a scheme becomes an {@code xmpp:} URI. */
  private static Optional<URI> from(Element command) throws CommandRefusedException {
    Optional<String> written = ElementRules.attribute(command, "from");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Optional<URI> from = CallReader.dialled(command, "from");
    if (from.isEmpty()) {
      from = jid(written.orElseThrow().strip()).map(jid -> URI.create(XmppUri.of(jid)));
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
    Optional<JID> uri = jid(written.orElseThrow().strip()).filter(jid -> jid.getResource() == null);
    if (uri.isEmpty()) {
      throw AttributeValues.bad(
          command, "uri", "the bare JID of a call, with or without xmpp: before it, is allowed");
    }
    return uri;
  }

  /** A JID with a node, written as such or as an {@code xmpp:} URI without a query. */
  private static Optional<JID> jid(String written) {
    try {
      String address = written;
      if (written.regionMatches(true, 0, XMPP + ":", 0, XMPP.length() + 1)) {
        URI uri = new URI(written);
        if (!uri.isOpaque()
            || uri.getRawSchemeSpecificPart().indexOf('?') >= 0
            || uri.getRawFragment() != null) {
          return Optional.empty();
        }
        address = uri.getSchemeSpecificPart();
      }
      JID jid = new JID(address);
      return jid.getNode() == null || jid.getNode().isEmpty() ? Optional.empty() : Optional.of(jid);
    } catch (URISyntaxException | IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }
}
