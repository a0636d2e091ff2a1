package org.rayo.call;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rayo.call.ClientSession.Reach;
import org.xmpp.packet.JID;

/**
 * The sessions of all clients by their full JID, and whether we are connected to those that are
 * there. Guarded by the {@link Clients} that owns it.
 */
final class ClientSessions {

  private final AlarmClock clock;
  private final Map<JID, ClientSession> sessions = new LinkedHashMap<>();
  private boolean connected;
  private long connection;

  ClientSessions(AlarmClock clock) {
    this.clock = clock;
  }

  boolean isConnected() {
    return connected;
  }

  /** The number of the connection, this one or the last. */
  long connection() {
    return connection;
  }

  void connected() {
    connected = true;
    connection++;
  }

  /** Nothing is known of anybody, until it is heard from on the next connection. */
  void disconnected() {
    connected = false;
    for (ClientSession session : sessions.values()) {
      session.doubt(session.isPresent() ? Reach.UNVERIFIED : session.reach(), clock.now());
    }
  }

  Optional<ClientSession> find(JID client) {
    return Optional.ofNullable(sessions.get(client));
  }

  /** The session of a client; a new one is held to be there if we are connected. */
  ClientSession of(JID client) {
    return of(client, connected ? Reach.PRESENT : Reach.UNVERIFIED);
  }

  /**
   * The same.
   *
   * @param reach of a new one
   */
  ClientSession of(JID client, Reach reach) {
    return sessions.computeIfAbsent(client, jid -> new ClientSession(jid, reach, clock.now()));
  }

  /** It has not been forgotten. */
  boolean has(ClientSession session) {
    return sessions.get(session.jid) == session;
  }

  void forgetIfIdle(ClientSession session) {
    if (session.isIdle()) {
      sessions.remove(session.jid);
    }
  }

  int size() {
    return sessions.size();
  }

  /** All of them, to be read. */
  Collection<ClientSession> all() {
    return sessions.values();
  }

  /** All of them as they are now; the caller may forget some meanwhile. */
  List<ClientSession> copy() {
    return List.copyOf(sessions.values());
  }
}
