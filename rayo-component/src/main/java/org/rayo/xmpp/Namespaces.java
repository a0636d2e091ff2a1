package org.rayo.xmpp;

/** The XML namespaces this package writes and understands. */
final class Namespaces {
  static final String STREAMS = "http://etherx.jabber.org/streams";
  static final String STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";
  static final String STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
  static final String COMPONENT = "jabber:component:accept";
  static final String CLIENT = "jabber:client";
  static final String SERVER = "jabber:server";
  static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
  static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
  static final String SESSION = "urn:ietf:params:xml:ns:xmpp-session";
  static final String ROSTER = "jabber:iq:roster";
  static final String PING = "urn:xmpp:ping";
  static final String DISCO_INFO = "http://jabber.org/protocol/disco#info";
  static final String DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
  static final String CAPS = "http://jabber.org/protocol/caps";

  /** What every Rayo command's namespace starts with. */
  static final String RAYO = "urn:xmpp:rayo";

  private Namespaces() {}

  /** Whether the namespace is one of those a stanza itself is in, on some kind of stream. */
  static boolean isStanzaNamespace(String uri) {
    return switch (uri) {
      case "", CLIENT, SERVER, COMPONENT -> true;
      default -> false;
    };
  }
}
