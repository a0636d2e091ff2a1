package org.rayo.xmpp;

import java.util.ArrayList;
import java.util.List;
import org.xmpp.packet.Packet;

/** Remembers what was sent. */
final class FakeSender implements StanzaSender {
  final List<Packet> sent = new ArrayList<>();
  boolean connected = true;

  @Override
  public boolean send(Packet stanza) {
    return sent.add(stanza.createCopy());
  }

  @Override
  public boolean sendOnThisConnection(Packet stanza) {
    return connected && send(stanza);
  }

  Packet only() {
    if (sent.size() != 1) {
      throw new AssertionError("expected one stanza: " + sent);
    }
    return sent.get(0);
  }
}
