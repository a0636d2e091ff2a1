package org.rayo.call;

import java.util.ArrayList;
import java.util.List;
import org.rayo.xmpp.StanzaSender;
import org.xmpp.packet.Packet;

/** A stream that remembers what was sent, in order, and can be cut or be full. */
final class FakeStream implements StanzaSender {

  private final List<Packet> sent = new ArrayList<>();
  boolean connected = true;
  boolean full;

  @Override
  public synchronized boolean send(Packet stanza) {
    sent.add(stanza.createCopy());
    return true;
  }

  @Override
  public synchronized boolean sendOnThisConnection(Packet stanza) {
    return connected && !full && send(stanza);
  }

  /** Everything sent so far, oldest first. */
  synchronized List<Packet> sent() {
    return List.copyOf(sent);
  }

  /** The same, and forgets it. */
  synchronized List<Packet> drain() {
    List<Packet> all = List.copyOf(sent);
    sent.clear();
    return all;
  }
}
