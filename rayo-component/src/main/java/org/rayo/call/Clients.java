package org.rayo.call;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.dom4j.Element;
import org.rayo.call.ClientSession.Reach;
import org.rayo.call.ClientSession.Tracked;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.Namespaces;
import org.rayo.xmpp.PendingQueries;
import org.rayo.xmpp.PresenceHandler;
import org.rayo.xmpp.StanzaSender;
import org.rayo.xmpp.StreamListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.Presence;

/**
 * The Rayo clients: who is there, who takes offers, and what each still has to be told.
 *
 * <p>XEP-0114 acknowledges nothing, so an event that must arrive is kept until a ping that was sent
 * after it, through the XMPP server to ourselves, has come back: the server has then routed the
 * event. When the connection is lost before that, the event is sent again, the same stanza with the
 * same id, once its client is known to be there. A client is known to be there when we hear from
 * it; after a reconnect it is asked by a ping.
 *
 * <p>Thread safe; nothing blocks.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6121#section-8.5.3.2">RFC 6121, section
 *     8.5.3.2</a>: presence to a full JID that is gone vanishes silently
 */
public final class Clients implements PresenceHandler, StreamListener {

  private static final Logger LOG = LoggerFactory.getLogger(Clients.class);
  private static final Duration VERIFY_FIRST = Duration.ofSeconds(2);
  private static final Duration VERIFY_LAST = Duration.ofMinutes(1);

  private final JID server;
  private final StanzaSender stream;
  private final PendingQueries queries;
  private final DialectPolicy dialects;
  private final Executor clock;
  private final int unconfirmedLimit;

  private final Map<JID, ClientSession> sessions = new HashMap<>();
  private boolean connected;
  private long sendings;
  private boolean confirming;
  private long resent;

  /**
   * @param server the component's own domain
   * @param clock runs what is put off; its tasks are short
   * @param unconfirmedLimit events kept for one client; beyond it the oldest is given up, with a
   *     line in the log
   */
  public Clients(
      JID server,
      StanzaSender stream,
      PendingQueries queries,
      DialectPolicy dialects,
      Executor clock,
      int unconfirmedLimit) {
    this.server = server;
    this.stream = stream;
    this.queries = queries;
    this.dialects = dialects;
    this.clock = clock;
    this.unconfirmedLimit = unconfirmedLimit;
  }

  /** The clients that take offers now. */
  public synchronized Set<JID> takingOffers() {
    Set<JID> found = new LinkedHashSet<>();
    for (ClientSession session : sessions.values()) {
      if (session.takesOffers && session.reach == Reach.PRESENT) {
        found.add(session.jid);
      }
    }
    return found;
  }

  /** The dialect in which to speak with this client. */
  public synchronized Dialect dialectOf(JID client) {
    ClientSession session = sessions.get(client);
    return dialects.of(client, session != null && session.hasRayoCaps);
  }

  /** How many events have been sent more than once, all clients together. */
  public synchronized long resent() {
    return resent;
  }

  /** A stanza came from this client, so it is there. */
  public synchronized void heardFrom(JID client) {
    ClientSession session = sessions.get(client);
    if (session != null) {
      found(session);
    }
  }

  /** From now on the watcher is told when this client, which is there now, goes and comes. */
  synchronized void watch(JID client, ClientWatcher watcher) {
    session(client).watchers.add(watcher);
  }

  synchronized void unwatch(JID client, ClientWatcher watcher) {
    ClientSession session = sessions.get(client);
    if (session != null) {
      session.watchers.remove(watcher);
      forgetIfIdle(session);
    }
  }

  /** Sends an event that is worth nothing later: to a client that is not there it is not sent. */
  synchronized boolean tellNow(JID client, Presence event) {
    ClientSession session = sessions.get(client);
    return session != null && session.reach == Reach.PRESENT && stream.sendOnThisConnection(event);
  }

  /**
   * Sends an event that must arrive, after all earlier ones to this client, now or later.
   *
   * @param arrived runs once the XMPP server has routed it
   */
  synchronized void tell(JID client, Presence event, Runnable arrived) {
    ClientSession session = session(client);
    if (session.unconfirmed.size() >= unconfirmedLimit) {
      Tracked oldest = session.unconfirmed.removeFirst();
      LOG.error(
          "{} has been away for {} events; given up: {}",
          client,
          unconfirmedLimit,
          oldest.event.toXML());
    }
    session.unconfirmed.add(new Tracked(event, arrived));
    flush(session);
  }

  @Override
  public synchronized void presence(Presence presence) {
    JID from = presence.getFrom();
    if (from == null || from.getResource() == null) {
      return;
    }
    Presence.Type type = presence.getType();
    if (type == null) {
      available(presence);
    } else if (type == Presence.Type.unavailable || type == Presence.Type.error) {
      ClientSession session = sessions.get(from);
      if (session != null) {
        lost(session);
      }
    }
  }

  private void available(Presence presence) {
    JID to = presence.getTo();
    if (to == null || to.getNode() != null) {
      heardFrom(presence.getFrom());
      return;
    }
    ClientSession session = session(presence.getFrom());
    session.registered = true;
    Presence.Show show = presence.getShow();
    session.takesOffers = show == null || show == Presence.Show.chat;
    session.hasRayoCaps = hasRayoCaps(presence);
    found(session);
  }

  private static boolean hasRayoCaps(Presence presence) {
    Element caps = presence.getChildElement("c", "http://jabber.org/protocol/caps");
    return caps != null && Namespaces.CLIENT.equals(caps.attributeValue("node"));
  }

  @Override
  public synchronized void connected() {
    connected = true;
    confirming = false;
    for (ClientSession session : sessions.values()) {
      verify(session);
    }
  }

  @Override
  public synchronized void disconnected(String reason) {
    connected = false;
    for (ClientSession session : sessions.values()) {
      if (session.reach == Reach.PRESENT) {
        session.reach = Reach.UNVERIFIED;
      }
      session.unconfirmed.forEach(Tracked::takeBack);
    }
  }

  private ClientSession session(JID client) {
    return sessions.computeIfAbsent(client, ClientSession::new);
  }

  private void found(ClientSession session) {
    boolean back = session.reach != Reach.PRESENT;
    session.cameBack();
    if (back) {
      session.watchers.forEach(watcher -> watcher.clientBack(session.jid));
      flush(session);
    }
  }

  private void lost(ClientSession session) {
    session.reach = Reach.GONE;
    session.takesOffers = false;
    // Whatever the server had not yet routed when the client went must be sent again.
    session.unconfirmed.forEach(Tracked::takeBack);
    session.watchers.forEach(watcher -> watcher.clientGone(session.jid));
    forgetIfIdle(session);
  }

  private void forgetIfIdle(ClientSession session) {
    if (session.idle()) {
      sessions.remove(session.jid);
    }
  }

  private void flush(ClientSession session) {
    if (!connected || session.reach != Reach.PRESENT) {
      return;
    }
    for (Tracked tracked : session.unconfirmed) {
      if (!tracked.sent() && !send(tracked)) {
        // The writer is behind; by then it will have caught up or the connection will be gone.
        session.reach = Reach.UNVERIFIED;
        verifyLater(session);
        return;
      }
    }
    confirm();
  }

  private boolean send(Tracked tracked) {
    if (!stream.sendOnThisConnection(tracked.event)) {
      return false;
    }
    sendings++;
    if (tracked.everSent) {
      resent++;
    }
    tracked.sentAs(sendings);
    return true;
  }

  /** Asks the server to bring us back a ping: what was sent before it has then been routed. */
  private void confirm() {
    if (confirming || !connected) {
      return;
    }
    confirming = true;
    long upTo = sendings;
    queries.ping(server).whenComplete((answer, failure) -> confirmed(upTo, failure == null));
  }

  private synchronized void confirmed(long upTo, boolean answered) {
    confirming = false;
    if (!connected) {
      return;
    }
    if (answered) {
      for (ClientSession session : Set.copyOf(sessions.values())) {
        session.confirm(upTo);
        forgetIfIdle(session);
      }
    }
    boolean more =
        sessions.values().stream().anyMatch(s -> s.unconfirmed.stream().anyMatch(Tracked::sent));
    if (more && answered) {
      confirm();
    } else if (more) {
      later(VERIFY_FIRST, this::confirm);
    }
  }

  /** Asks a client whether it is there. */
  private void verify(ClientSession session) {
    if (!connected || session.reach == Reach.PRESENT || sessions.get(session.jid) != session) {
      return;
    }
    queries
        .ping(session.jid)
        .whenComplete((answer, failure) -> verified(session, Optional.ofNullable(answer)));
  }

  private synchronized void verified(ClientSession session, Optional<IQ> answer) {
    if (!connected || session.reach == Reach.PRESENT || sessions.get(session.jid) != session) {
      return;
    }
    if (answer.filter(Clients::comesFromTheClient).isPresent()) {
      found(session);
      return;
    }
    if (session.reach != Reach.GONE) {
      lost(session);
    }
    if (sessions.containsKey(session.jid)) {
      verifyLater(session);
    }
  }

  private void verifyLater(ClientSession session) {
    later(session.nextPause(VERIFY_FIRST, VERIFY_LAST), () -> verify(session));
  }

  private void later(Duration pause, Runnable task) {
    CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, clock)
        .execute(
            () -> {
              synchronized (this) {
                task.run();
              }
            });
  }

  /**
   * A server answers for a client that is gone with one of these conditions. A client without
   * XEP-0199 may answer service-unavailable itself, which cannot be told apart: it is then found as
   * soon as it sends anything.
   */
  private static boolean comesFromTheClient(IQ answer) {
    if (answer.getType() == IQ.Type.result) {
      return true;
    }
    PacketError error = answer.getError();
    if (error == null) {
      return false;
    }
    return switch (error.getCondition()) {
      case service_unavailable,
          recipient_unavailable,
          remote_server_not_found,
          remote_server_timeout,
          item_not_found,
          gone,
          internal_server_error,
          resource_constraint ->
          false;
      default -> true;
    };
  }
}
