package org.rayo.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rayo.protocol.Dialect;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/** The registry of clients between fakes of all that it speaks with. */
abstract class ClientsFixture {

  static final JID SERVER = new JID("rayo.example.org");
  static final JID JULIET = new JID("juliet@example.org/balcony");
  static final JID ROMEO = new JID("romeo@example.org/garden");
  static final int LIMIT = 5;

  final FakeStream stream = new FakeStream();
  final FakePings pings = new FakePings();
  final FakeClock clock = new FakeClock();
  final List<String> arrived = new ArrayList<>();
  final List<String> watched = new ArrayList<>();
  final DialectPolicy dialects =
      new DialectPolicy(
          Dialect.WIKI,
          List.of(
              new DialectPolicy.Rule(jid -> jid.getNode().equals("adhearsion"), Dialect.XEP_0327)));
  final Clients clients = new Clients(SERVER, stream, pings, dialects, clock, LIMIT);
  final ClientWatcher watcher =
      new ClientWatcher() {
        @Override
        public void clientGone(JID client) {
          watched.add("gone");
        }

        @Override
        public void clientBack(JID client) {
          watched.add("back");
        }
      };

  ClientsFixture() {
    clients.connected();
  }

  static Presence presence(JID from, Optional<Presence.Type> type, String show) {
    Presence presence = new Presence();
    type.ifPresent(presence::setType);
    if (!show.isEmpty()) {
      presence.setShow(Presence.Show.valueOf(show));
    }
    presence.setFrom(from);
    presence.setTo(SERVER);
    return presence;
  }

  void available(JID client) {
    clients.presence(presence(client, Optional.empty(), "chat"));
  }

  void unavailable(JID client) {
    clients.presence(presence(client, Optional.of(Presence.Type.unavailable), ""));
  }

  void tell(JID client, String id) {
    clients.tell(client, event(client, id), () -> arrived.add(id));
  }

  static Presence event(JID to, String id) {
    Presence event = new Presence(Presence.Type.unavailable);
    event.setID(id);
    event.setFrom("c1@rayo.example.org/r1");
    event.setTo(to);
    return event;
  }

  List<String> sent() {
    return stream.drain().stream().map(Packet::getID).toList();
  }

  void cut() {
    stream.connected = false;
    pings.disconnect();
    clients.disconnected("cut");
  }

  void reconnect() {
    stream.connected = true;
    clients.connected();
  }
}
