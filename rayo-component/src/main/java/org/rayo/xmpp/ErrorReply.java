package org.rayo.xmpp;

import java.util.List;
import org.dom4j.Attribute;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.jspecify.annotations.Nullable;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.Presence;

/**
 * Builds error replies: addresses swapped, id kept, what was sent echoed before the error.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6120#section-8.3">RFC 6120 section 8.3</a>
 */
public final class ErrorReply {
  /**
   * Characters of the largest stanza that an error repeats. Repeating it is optional (RFC 6120,
   * section 8.3.1), and written out it may be many times larger than it came.
   */
  private static final long ECHO_LIMIT = 65_536;

  private ErrorReply() {}

  /** The error reply to an iq. */
  public static IQ to(IQ iq, PacketError.Condition condition, PacketError.Type type) {
    return to(iq, new PacketError(condition, type));
  }

  /** The error reply to an iq, with a text or an application condition in the error. */
  public static IQ to(IQ iq, PacketError error) {
    return new IQ(reply(iq.getElement(), error), true);
  }

  /** The error reply to any stanza. */
  public static Packet to(Packet stanza, PacketError error) {
    Element reply = reply(stanza.getElement(), error);
    if (stanza instanceof IQ) {
      return new IQ(reply, true);
    }
    return stanza instanceof Presence ? new Presence(reply, true) : new Message(reply, true);
  }

  /** The error reply to a stanza whose addresses need not be valid: they are swapped as text. */
  static Element reply(Element stanza, PacketError error) {
    Element reply = StanzaSize.isWithin(stanza, ECHO_LIMIT) ? stanza.createCopy() : bare(stanza);
    for (Element old : List.copyOf(reply.elements("error"))) {
      reply.remove(old);
    }
    swap(reply, stanza.attribute("from"), "to");
    swap(reply, stanza.attribute("to"), "from");
    reply.addAttribute("type", "error");
    Element said = error.getElement().createCopy();
    // Tinder adds the numeric code of before RFC 3920; without a value dom4j takes it away.
    said.addAttribute("code", null);
    reply.add(said);
    return reply;
  }

  /** A stanza without its content. */
  private static Element bare(Element stanza) {
    Element bare = DocumentHelper.createElement(stanza.getQName());
    stanza.attributes().forEach(a -> bare.addAttribute(a.getQName(), a.getValue()));
    return bare;
  }

  private static void swap(Element reply, @Nullable Attribute value, String into) {
    // Without a value dom4j takes the attribute away.
    reply.addAttribute(into, value == null ? null : value.getValue());
  }
}
