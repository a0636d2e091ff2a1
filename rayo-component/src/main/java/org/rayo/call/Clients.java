package org.rayo.call;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.rayo.call.ClientSession.Reach;
import org.rayo.call.ClientSession.Registration;
import org.rayo.call.ClientSession.Tracked;
import org.rayo.protocol.Dialect;
import org.rayo.xmpp.PendingQueries;
import org.rayo.xmpp.PresenceHandler;
import org.rayo.xmpp.StanzaSender;
import org.rayo.xmpp.StreamListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/**
 * The Rayo clients: who is there, who takes offers, and what each still has to be told.
 *
 * <p>XEP-0114 acknowledges nothing, so an event that must arrive is kept until a ping that was sent
 * after it, through the XMPP server to ourselves, has come back: the server has then routed the
 * event. When the connection is lost before that, or the client's server says that it is gone, the
 * event is sent again, the same stanza with the same id, once its client is known to be there. A
 * client is known to be there when we hear from it. Whoever is not, and is waited for, is asked by
 * pings with growing pauses; whoever has been quiet for long is asked too, for not every client is
 * reported gone by its server.
 *
 * <p>Thread safe; nothing blocks.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6121#section-8.5.3.2">RFC 6121, section
 *     8.5.3.2</a>: presence to a full JID that is gone vanishes silently
 */
public final class Clients implements PresenceHandler, StreamListener {

  private static final Logger LOG = LoggerFactory.getLogger(Clients.class);
  static final Duration ASK_FIRST = Duration.ofSeconds(2);
  static final Duration ASK_LAST = Duration.ofMinutes(1);
  static final Duration ROUND = Duration.ofSeconds(30);

  /** A client that has been quiet for this long is asked whether it is there. */
  static final Duration QUIET = Duration.ofMinutes(2);

  /** A client that has been silent for this long must register again to get offers. */
  static final Duration REGISTRATION_KEPT = Duration.ofHours(1);

  /** The events of a client that has been away for this long go to another of its resources. */
  static final Duration HANDED_OVER = Duration.ofMinutes(1);

  /** An event that has waited for its client for this long is given up. */
  static final Duration EVENT_KEPT = Duration.ofDays(7);

  private final JID server;
  private final StanzaSender stream;
  private final Function<JID, CompletionStage<IQ>> pings;
  private final DialectPolicy dialects;
  private final AlarmClock clock;
  private final int unconfirmedLimit;

  private final Map<JID, ClientSession> sessions = new LinkedHashMap<>();
  private boolean connected;
  private long connection;
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
      ScheduledExecutorService clock,
      int unconfirmedLimit) {
    this(server, stream, queries::ping, dialects, AlarmClock.on(clock), unconfirmedLimit);
  }

  /**
   * @param pings asks an entity whether it is there; completes with the answer of whoever gave it
   */
  Clients(
      JID server,
      StanzaSender stream,
      Function<JID, CompletionStage<IQ>> pings,
      DialectPolicy dialects,
      AlarmClock clock,
      int unconfirmedLimit) {
    this.server = server;
    this.stream = stream;
    this.pings = pings;
    this.dialects = dialects;
    this.clock = clock;
    this.unconfirmedLimit = unconfirmedLimit;
    clock.after(ROUND, this::round);
  }

  /** The clients that take offers now. */
  public synchronized List<JID> takingOffers() {
    return sessions.values().stream()
        .filter(ClientSession::takesOffers)
        .map(session -> session.jid)
        .toList();
  }

  /** A client that takes offers is on its way back: the connection is new, or lost for a moment. */
  synchronized boolean isATakerComingBack() {
    return sessions.values().stream()
        .anyMatch(
            session ->
                session.reach() == Reach.UNVERIFIED
                    && session.registration.filter(Registration::takesOffers).isPresent());
  }

  /** The dialect in which to speak with this client. */
  public synchronized Dialect dialectOf(JID client) {
    boolean hasRayoCaps =
        Optional.ofNullable(sessions.get(client))
            .flatMap(session -> session.registration)
            .filter(Registration::hasRayoCaps)
            .isPresent();
    return dialects.of(client, hasRayoCaps);
  }

  /** How many events have been sent more than once, all clients together. */
  public synchronized long resent() {
    return resent;
  }

  /** How many clients are known, there or not. */
  public synchronized int size() {
    return sessions.size();
  }

  /** How many events wait for their client, or for the proof that the server has routed them. */
  public synchronized int unconfirmed() {
    return sessions.values().stream().mapToInt(session -> session.unconfirmed.size()).sum();
  }

  /**
   * A stanza has come in. Requests and messages come from the client itself, never from its server
   * in its place: so it is there.
   */
  public void heard(Packet stanza) {
    boolean request = stanza instanceof IQ iq && iq.isRequest();
    boolean said = stanza instanceof Message message && message.getType() != Message.Type.error;
    if ((request || said) && stanza.getFrom() != null) {
      heardFrom(stanza.getFrom());
    }
  }

  /** This client is there. */
  public synchronized void heardFrom(JID client) {
    Optional.ofNullable(sessions.get(client)).ifPresent(this::found);
  }

  /**
   * Sends an offer, which is worth nothing later, and from then on tells the watcher when the
   * client goes and comes back.
   *
   * @return whether it was sent; if not, the client is not there, and nobody watches it
   */
  synchronized boolean offer(JID client, Presence offer, ClientWatcher watcher) {
    ClientSession session = sessions.get(client);
    if (session == null || !session.isPresent() || !stream.sendOnThisConnection(offer)) {
      return false;
    }
    session.watchers.add(watcher);
    return true;
  }

  synchronized void unwatch(JID client, ClientWatcher watcher) {
    ClientSession session = sessions.get(client);
    if (session != null) {
      session.watchers.remove(watcher);
      forgetIfIdle(session);
    }
  }

  /**
   * Sends an event that must arrive, after all earlier ones to this client, now or later.
   *
   * @param arrived runs once the XMPP server has routed it
   */
  synchronized void tell(JID client, Presence event, Runnable arrived) {
    tell(session(client), event, arrived);
  }

  /**
   * As {@link #tell}, for a client of which nothing has been heard in this run: it is asked first
   * whether it is there.
   */
  synchronized void tellWhenThere(JID client, Presence event, Runnable arrived) {
    boolean unknown = !sessions.containsKey(client);
    ClientSession session =
        sessions.computeIfAbsent(
            client, jid -> new ClientSession(jid, Reach.UNVERIFIED, clock.now()));
    tell(session, event, arrived);
    if (unknown) {
      ask(session);
    }
  }

  private void tell(ClientSession session, Presence event, Runnable arrived) {
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

  /** Tells the clients that take calls that the server is going: they are offered none any more. */
  public synchronized void leave() {
    for (JID client : takingOffers()) {
      Presence gone = new Presence(Presence.Type.unavailable);
      gone.setFrom(server);
      gone.setTo(client);
      stream.sendOnThisConnection(gone);
    }
  }

  @Override
  public synchronized void presence(Presence presence) {
    JID from = presence.getFrom();
    if (from == null || from.getResource() == null) {
      return;
    }
    Optional<ClientSession> known = Optional.ofNullable(sessions.get(from));
    if (presence.getType() == null) {
      available(presence);
    } else if (presence.getType() == Presence.Type.unavailable) {
      // Leaving one call is not leaving the server, which a registered client's own server tells.
      known
          .filter(session -> isForTheServer(presence) || session.registration.isEmpty())
          .ifPresent(this::gone);
    } else if (presence.getType() == Presence.Type.error) {
      known.ifPresent(this::silent);
    }
  }

  private void available(Presence presence) {
    if (!isForTheServer(presence)) {
      heardFrom(presence.getFrom());
      return;
    }
    ClientSession session = session(presence.getFrom());
    session.registration = Optional.of(Registration.of(presence));
    found(session);
    List.copyOf(sessions.values()).forEach(other -> handOver(other, clock.now()));
  }

  /** Whoever is gone for good, and has left another of its resources, is told there. */
  private void handOver(ClientSession away, Instant now) {
    if (away.unconfirmed.isEmpty() || !away.isAwaySince(now.minus(HANDED_OVER))) {
      return;
    }
    sessions.values().stream()
        .filter(other -> other.isHeirOf(away))
        .findFirst()
        .ifPresent(
            heir -> {
              LOG.info("{} hears what {} has missed", heir.jid, away.jid);
              away.handOverTo(heir);
              forgetIfIdle(away);
              flush(heir);
            });
  }

  private static boolean isForTheServer(Presence presence) {
    JID to = presence.getTo();
    return to != null && to.getNode() == null;
  }

  @Override
  public synchronized void connected() {
    connected = true;
    connection++;
    confirming = false;
    // Whoever is asked may be answered for, and forgotten, at once.
    for (ClientSession session : List.copyOf(sessions.values())) {
      if (session.isPresent()) {
        flush(session);
      } else {
        ask(session);
      }
    }
  }

  @Override
  public synchronized void disconnected(String reason) {
    connected = false;
    for (ClientSession session : sessions.values()) {
      session.doubt(session.isPresent() ? Reach.UNVERIFIED : session.reach(), clock.now());
    }
  }

  private ClientSession session(JID client) {
    Reach reach = connected ? Reach.PRESENT : Reach.UNVERIFIED;
    return sessions.computeIfAbsent(client, jid -> new ClientSession(jid, reach, clock.now()));
  }

  private void found(ClientSession session) {
    boolean back = !session.isPresent();
    session.heard(clock.now());
    if (back) {
      session.watchers.forEach(watcher -> watcher.clientBack(session.jid));
      flush(session);
    }
  }

  /** It or its server has said that it is not there: it must register again to get offers. */
  private void gone(ClientSession session) {
    session.registration = Optional.empty();
    lost(session, Reach.GONE);
  }

  private void silent(ClientSession session) {
    if (session.reach() != Reach.GONE) {
      lost(session, Reach.SILENT);
    }
  }

  private void lost(ClientSession session, Reach reach) {
    boolean news = session.isPresent() || session.reach() == Reach.UNVERIFIED;
    // Whatever the server had not yet routed when the client went must be sent again.
    session.doubt(reach, clock.now());
    if (news) {
      session.watchers.forEach(watcher -> watcher.clientGone(session.jid));
    }
    forgetIfIdle(session);
    askLater(session);
  }

  private void forgetIfIdle(ClientSession session) {
    if (session.isIdle()) {
      sessions.remove(session.jid);
    }
  }

  private void flush(ClientSession session) {
    if (!connected || !session.isPresent()) {
      return;
    }
    for (Tracked tracked : session.unconfirmed) {
      if (!tracked.isSent() && !send(tracked)) {
        // The writer is behind; by then it will have caught up or the connection will be gone.
        session.hold();
        askLater(session);
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
        sessions.values().stream().anyMatch(s -> s.unconfirmed.stream().anyMatch(Tracked::isSent));
    if (confirming || !connected || !waiting) {
      return;
    }
    confirming = true;
    long upTo = sendings;
    long asked = connection;
    pings.apply(server).whenComplete((answer, failure) -> confirmed(asked, upTo, failure == null));
  }

  private synchronized void confirmed(long asked, long upTo, boolean answered) {
    if (!connected || asked != connection) {
      return;
    }
    confirming = false;
    if (!answered) {
      clock.after(ASK_FIRST, () -> locked(this::confirm));
      return;
    }
    for (ClientSession session : List.copyOf(sessions.values())) {
      session.confirm(upTo);
      forgetIfIdle(session);
    }
    confirm();
  }

  /** Asks a client whether it is there. */
  private void ask(ClientSession session) {
    if (!connected || sessions.get(session.jid) != session) {
      return;
    }
    long question = session.ask(clock.now());
    pings
        .apply(session.jid)
        .whenComplete(
            (answer, failure) ->
                locked(
                    () ->
                        answered(
                            session,
                            question,
                            Optional.ofNullable(answer),
                            Optional.ofNullable(failure))));
  }

  private void answered(
      ClientSession session, long question, Optional<IQ> answer, Optional<Throwable> failure) {
    if (!session.isAsked(question) || sessions.get(session.jid) != session) {
      return;
    }
    if (answer.filter(PingAnswers::comesFromTheClient).isPresent()) {
      session.answersPings = true;
      found(session);
    } else if (failure.filter(PingAnswers::isOurs).isPresent()) {
      askLater(session);
    } else if (session.reach() == Reach.UNVERIFIED
        || (session.isPresent() && session.answersPings)) {
      silent(session);
    } else {
      askLater(session);
    }
  }

  /** Whoever is not there, and is waited for, is asked again. */
  private void askLater(ClientSession session) {
    if (session.isPresent() || sessions.get(session.jid) != session) {
      return;
    }
    long question = session.ask(clock.now());
    clock.after(
        session.nextPause(ASK_FIRST, ASK_LAST),
        () ->
            locked(
                () -> {
                  if (session.isAsked(question)) {
                    ask(session);
                  }
                }));
  }

  /** From time to time: gives up what has waited too long, and asks who has been quiet. */
  private void round() {
    locked(
        () -> {
          Instant now = clock.now();
          for (ClientSession session : List.copyOf(sessions.values())) {
            look(session, now);
          }
        });
    clock.after(ROUND, this::round);
  }

  private void look(ClientSession session, Instant now) {
    while (!session.unconfirmed.isEmpty()
        && session.unconfirmed.getFirst().since.plus(EVENT_KEPT).isBefore(now)) {
      giveUpOldest(session, "it has been away for " + EVENT_KEPT.toDays() + " days");
    }
    handOver(session, now);
    boolean quiet = session.lastEvent().plus(QUIET).isBefore(now);
    boolean abandoned = session.lastEvent().plus(REGISTRATION_KEPT).isBefore(now);
    if (session.isPresent() && quiet) {
      ask(session);
    } else if (session.reach() == Reach.SILENT && abandoned) {
      gone(session);
    }
    forgetIfIdle(session);
  }

  private void locked(Runnable task) {
    synchronized (this) {
      task.run();
    }
  }
}
