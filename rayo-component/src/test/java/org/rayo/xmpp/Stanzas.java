package org.rayo.xmpp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.dom4j.Element;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/** Stanzas from text, through the real parser and the real judgement at the edge. */
final class Stanzas {
  static final String OPEN =
      "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept'"
          + " xmlns:stream='http://etherx.jabber.org/streams' id='s1'>";

  private Stanzas() {}

  /** Everything a parser reported. */
  static final class Collected implements StanzaParser.Sink {
    final List<StreamHeader> headers = new ArrayList<>();
    final List<Element> elements = new ArrayList<>();
    final List<Element> cut = new ArrayList<>();
    int closed;

    @Override
    public void cut(Element element, String why) {
      cut.add(element);
    }

    @Override
    public void opened(StreamHeader header) {
      headers.add(header);
    }

    @Override
    public void element(Element element) {
      elements.add(element);
    }

    @Override
    public void closed() {
      closed++;
    }
  }

  static Element element(String xml) throws StreamErrorException {
    Collected collected = new Collected();
    StanzaParser parser = new StanzaParser(1 << 20, collected);
    byte[] bytes = (OPEN + xml).getBytes(StandardCharsets.UTF_8);
    parser.feed(bytes, 0, bytes.length);
    return collected.elements.get(0);
  }

  static Packet packet(String xml) throws StreamErrorException {
    Admission admission = Admission.of(element(xml), new JID("rayo.localhost"));
    if (admission instanceof Admission.Proper proper) {
      return proper.stanza();
    }
    throw new AssertionError("no proper stanza: " + admission);
  }

  static IQ iq(String xml) throws StreamErrorException {
    return (IQ) packet(xml);
  }

  static Presence presence(String id) {
    Presence presence = new Presence();
    presence.setID(id);
    presence.setFrom("call@rayo.localhost");
    presence.setTo("juliet@localhost/balcony");
    return presence;
  }
}
