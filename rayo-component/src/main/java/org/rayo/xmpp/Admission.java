package org.rayo.xmpp;

import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.PacketError.Condition;
import org.xmpp.packet.Presence;

/**
 * What becomes of an element that arrived where a stanza should: it is a proper stanza, it is
 * answered with an error, or nothing can be said about it to anybody.
 */
sealed interface Admission {
  /** A stanza whose addresses, type and id can be relied on. */
  record Proper(Packet stanza) implements Admission {}

  /** No proper stanza; the reply says so to its sender. */
  record Answered(Element reply) implements Admission {}

  /** No proper stanza, and nobody to tell. */
  record Dropped(String reason) implements Admission {}

  /**
   * Judges an element.
   *
   * @param element at the top level of a stream, a stanza in no namespace
   * @param self whom a reply comes from when the stanza's own {@code to} cannot be used
   */
  static Admission of(Element element, JID self) {
    String name = element.getName();
    if (!element.getNamespaceURI().isEmpty()
        || !Set.of("iq", "presence", "message").contains(name)) {
      return new Dropped("an unknown element, {" + element.getNamespaceURI() + "}" + name);
    }
    Optional<JID> from = address(element, "from");
    if (from.isEmpty()) {
      return new Dropped("a stanza without a valid from");
    }
    Optional<JID> to = address(element, "to");
    if (to.isEmpty()) {
      Condition condition =
          element.attribute("to") == null ? Condition.bad_request : Condition.jid_malformed;
      element.addAttribute("to", self.toString());
      return refuse(element, condition);
    }
    element.addAttribute("from", from.get().toString());
    element.addAttribute("to", to.get().toString());
    return switch (name) {
      case "iq" -> iq(element);
      case "presence" -> presence(element);
      default -> message(element);
    };
  }

  private static Admission iq(Element element) {
    boolean typed =
        Set.of("get", "set", "result", "error").contains(element.attributeValue("type", ""));
    if (!typed || element.attributeValue("id", "").isEmpty()) {
      return refuse(element, Condition.bad_request);
    }
    return new Proper(new IQ(element, true));
  }

  private static Admission presence(Element element) {
    String type = element.attributeValue("type", "");
    String show = element.elementTextTrim("show");
    boolean knownShow = show == null || Set.of("", "away", "chat", "dnd", "xa").contains(show);
    boolean knownType =
        Set.of(
                "",
                "error",
                "probe",
                "subscribe",
                "subscribed",
                "unavailable",
                "unsubscribe",
                "unsubscribed")
            .contains(type);
    if (!knownType || !knownShow || element.elements("show").size() > 1) {
      return refuse(element, Condition.bad_request);
    }
    if (type.isEmpty()) {
      element.addAttribute("type", null);
    }
    if ("".equals(show)) {
      element.remove(element.element("show"));
    } else if (show != null) {
      // Tinder takes it with the line breaks that a client may put around it, and fails.
      element.element("show").setText(show);
    }
    return new Proper(new Presence(element, true));
  }

  private static Admission message(Element element) {
    String type = element.attributeValue("type", "");
    if (!Set.of("chat", "error", "groupchat", "headline", "normal").contains(type)) {
      // RFC 6121 section 5.2.2: an unknown type means normal.
      element.addAttribute("type", null);
    }
    return new Proper(new Message(element, true));
  }

  private static Admission refuse(Element element, Condition condition) {
    String type = element.attributeValue("type", "");
    // RFC 6120 section 8.3.1: never answer an error, nor a result, with an error.
    if (type.equals("error") || type.equals("result")) {
      return new Dropped("a " + type + " that is no proper stanza (" + condition.toXMPP() + ")");
    }
    return new Answered(
        ErrorReply.reply(element, new PacketError(condition, PacketError.Type.modify)));
  }

  private static Optional<JID> address(Element element, String attribute) {
    return Optional.ofNullable(element.attributeValue(attribute)).flatMap(Addresses::parse);
  }
}
