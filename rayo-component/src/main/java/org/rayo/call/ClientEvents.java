package org.rayo.call;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.rayo.call.ClientSession.Tracked;
import org.rayo.xmpp.StanzaSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;

/**
 * Brings events that must arrive to their clients, in order: keeps each until a ping to ourselves
 * that was sent after it has come back, and sends it again where that cannot be. Guarded by the
 * {@link Clients} that owns it.
 */
final class ClientEvents {

  private static final Logger LOG = LoggerFactory.getLogger(ClientEvents.class);

  /** The events of a client that has been away for this long go to another of its resources. */
  static final Duration HANDED_OVER = Duration.ofMinutes(1);

  /** An event that has waited for its client for this long is given up. */
  static final Duration EVENT_KEPT = Duration.ofDays(7);

  private final JID server;
  private final ClientSessions sessions;
  private final ClientQuestions questions;
  private final StanzaSender stream;
  private final Function<JID, CompletionStage<IQ>> pings;
  private final AlarmClock clock;
  private final Executor guarded;
  private final int unconfirmedLimit;

  private long sendings;
  private boolean confirming;
  private long resent;

  /**
   * @param server ourselves
   * @param guarded runs what comes later, at once and guarded as all else
   * @param unconfirmedLimit events kept for one client
   */
  ClientEvents(
      JID server,
      ClientSessions sessions,
      ClientQuestions questions,
      StanzaSender stream,
      Function<JID, CompletionStage<IQ>> pings,
      AlarmClock clock,
      Executor guarded,
      int unconfirmedLimit) {
    this.server = server;
    this.sessions = sessions;
    this.questions = questions;
    this.stream = stream;
    this.pings = pings;
    this.clock = clock;
    this.guarded = guarded;
    this.unconfirmedLimit = unconfirmedLimit;
  }

  /** How many events have been sent more than once. */
  long resent() {
    return resent;
  }

  /** How many wait for their client, or for the proof that the server has routed them. */
  int unconfirmed() {
    return sessions.all().stream().mapToInt(session -> session.unconfirmed.size()).sum();
  }

  /** The connection is new: what was to be confirmed on another one will not be. */
  void connected() {
    confirming = false;
  }

  /**
   * Sends an event after all earlier ones to this client, now or later.
   *
   * @param arrived runs once the XMPP server has routed it
   */
  void tell(ClientSession session, Packet event, Runnable arrived) {
    if (session.unconfirmed.size() >= unconfirmedLimit) {
      giveUpOldest(session, unconfirmedLimit + " others are waiting for it already");
    }
    session.unconfirmed.add(new Tracked(event, arrived, clock.now()));
    flush(session);
  }

  private static void giveUpOldest(ClientSession session, String why) {
    Tracked oldest = session.unconfirmed.removeFirst();
    LOG.error("an event for {} is given up, {}: {}", session.jid, why, oldest.event.getID());
  }

  /** Gives up what has waited too long for this client. */
  void giveUpOld(ClientSession session, Instant now) {
    while (!session.unconfirmed.isEmpty()
        && session.unconfirmed.getFirst().since.plus(EVENT_KEPT).isBefore(now)) {
      giveUpOldest(session, "it has been away for " + EVENT_KEPT.toDays() + " days");
    }
  }

  /** Whoever is gone for good, and has left another of its resources, is told there. */
  void handOver(ClientSession away, Instant now) {
    if (away.unconfirmed.isEmpty() || !away.isAwaySince(now.minus(HANDED_OVER))) {
      return;
    }
    sessions.all().stream()
        .filter(other -> other.isHeirOf(away))
        .findFirst()
        .ifPresent(heir -> handOver(away, heir));
  }

  /** Another of its resources has taken the place of a client, and hears what that has missed. */
  void succeed(ClientSession away, ClientSession heir) {
    if (!away.isPresent() && !away.unconfirmed.isEmpty()) {
      handOver(away, heir);
    }
  }

  private void handOver(ClientSession away, ClientSession heir) {
    LOG.info("{} hears what {} has missed", heir.jid, away.jid);
    away.handOverTo(heir);
    sessions.forgetIfIdle(away);
    flush(heir);
  }

  /** Sends what has not been sent on this connection, if the client is there. */
  void flush(ClientSession session) {
    if (!sessions.isConnected() || !session.isPresent()) {
      return;
    }
    for (Tracked tracked : session.unconfirmed) {
      if (!tracked.isSent() && !send(tracked)) {
        // The writer is behind; by then it will have caught up or the connection will be gone.
        session.hold();
        questions.askLater(session);
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
    tracked.sentAs(sendings);
    resent += tracked.isRepeated() ? 1 : 0;
    return true;
  }

  /** Asks the server to bring us back a ping: what was sent before it has then been routed. */
  private void confirm() {
    boolean waiting =
        sessions.all().stream().anyMatch(s -> s.unconfirmed.stream().anyMatch(Tracked::isSent));
    if (confirming || !sessions.isConnected() || !waiting) {
      return;
    }
    confirming = true;
    long upTo = sendings;
    long asked = sessions.connection();
    pings
        .apply(server)
        .whenComplete(
            (answer, failure) -> guarded.execute(() -> confirmed(asked, upTo, failure == null)));
  }

  private void confirmed(long asked, long upTo, boolean answered) {
    if (!sessions.isConnected() || asked != sessions.connection()) {
      return;
    }
    confirming = false;
    if (!answered) {
      clock.after(ClientQuestions.ASK_FIRST, () -> guarded.execute(this::confirm));
      return;
    }
    for (ClientSession session : sessions.copy()) {
      session.confirm(upTo);
      sessions.forgetIfIdle(session);
    }
    confirm();
  }
}
