package org.rayo.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import org.rayo.call.ClientSession.Reach;
import org.rayo.call.ClientSession.Registration;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.StanzaError;
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

  static final Duration ROUND = Duration.ofSeconds(30);

  /** A client that has been quiet for this long is asked whether it is there. */
  static final Duration QUIET = Duration.ofMinutes(2);

  /** A client that has been silent for this long must register again to get offers. */
  static final Duration REGISTRATION_KEPT = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(Clients.class);
  private static final int STRANGERS_LIMIT = 1000;

  private final JID server;
  private final StanzaSender stream;
  private final DialectPolicy dialects;
  private final ClientAdmission admission;
  private final AlarmClock clock;
  private final ClientSessions sessions;
  private final ClientQuestions questions;
  private final ClientEvents events;

  /** Offers that were made so far. */
  private long turns;

  /** Those that may not be clients, and whom the log has named. */
  private final Set<String> strangers = new HashSet<>();

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
      ClientAdmission admission,
      ScheduledExecutorService clock,
      int unconfirmedLimit) {
    this(
        server, stream, queries::ping, dialects, admission, AlarmClock.on(clock), unconfirmedLimit);
  }

  /** Of everybody. */
  Clients(
      JID server,
      StanzaSender stream,
      Function<JID, CompletionStage<IQ>> pings,
      DialectPolicy dialects,
      AlarmClock clock,
      int unconfirmedLimit) {
    this(server, stream, pings, dialects, ClientAdmission.ofEverybody(), clock, unconfirmedLimit);
  }

  /**
   * @param pings asks an entity whether it is there; completes with the answer of whoever gave it
   */
  Clients(
      JID server,
      StanzaSender stream,
      Function<JID, CompletionStage<IQ>> pings,
      DialectPolicy dialects,
      ClientAdmission admission,
      AlarmClock clock,
      int unconfirmedLimit) {
    this.server = server;
    this.stream = stream;
    this.dialects = dialects;
    this.admission = admission;
    this.clock = clock;
    this.sessions = new ClientSessions(clock);
    this.questions = new ClientQuestions(sessions, pings, clock, this::guarded, new Answers());
    this.events =
        new ClientEvents(
            server, sessions, questions, stream, pings, clock, this::guarded, unconfirmedLimit);
    clock.after(ROUND, this::round);
  }

  private final class Answers implements ClientQuestions.Answers {
    @Override
    public void found(ClientSession session) {
      Clients.this.found(session);
    }

    @Override
    public void silent(ClientSession session) {
      Clients.this.silent(session);
    }
  }

  /** The clients that take offers now. */
  public synchronized List<JID> takingOffers() {
    return sessions.all().stream()
        .filter(ClientSession::takesOffers)
        .map(session -> session.jid)
        .toList();
  }

  /** Those of them that fit. */
  List<JID> takingOffers(Predicate<JID> fits) {
    return takingOffers().stream().filter(fits).toList();
  }

  /** Of those that take offers and fit, the one that has had none for longest; its turn is over. */
  synchronized Optional<JID> nextInTurn(Predicate<JID> fits) {
    Optional<ClientSession> next =
        sessions.all().stream()
            .filter(session -> session.takesOffers() && fits.test(session.jid))
            .min(Comparator.comparingLong(session -> session.turn));
    next.ifPresent(session -> session.turn = ++turns);
    return next.map(session -> session.jid);
  }

  /** One that takes offers and fits is on its way back: the connection is new, or lost just now. */
  synchronized boolean isATakerComingBack(Predicate<JID> fits) {
    return sessions.all().stream()
        .anyMatch(
            session ->
                session.reach() == Reach.UNVERIFIED
                    && session.registration.filter(Registration::takesOffers).isPresent()
                    && fits.test(session.jid));
  }

  /** Why this client may command nothing, if so. */
  public Optional<StanzaError> mayCommand(JID client) {
    return admission.allowed().test(client)
        ? Optional.empty()
        : Optional.of(StanzaError.notAuthorized("this server takes no commands from you"));
  }

  /**
   * Why this client may not dial, if so. Nothing is taken of its quota of {@link #calls}: that is
   * for whoever dials.
   */
  public Optional<StanzaError> mayDial(JID client) {
    return mayCommand(client)
        .or(
            () ->
                admission.dialNeedsPresence() && !isRegistered(client)
                    ? Optional.of(
                        StanzaError.registrationRequired(
                            "send available presence to " + server + " before you dial"))
                    : Optional.empty());
  }

  private synchronized boolean isRegistered(JID client) {
    return sessions.find(client).filter(session -> session.registration.isPresent()).isPresent();
  }

  /** The calls that clients have dialled: each is to be claimed before, and given back after it. */
  public ClientQuota calls() {
    return admission.calls();
  }

  /** The dialect in which to speak with this client. */
  public synchronized Dialect dialectOf(JID client) {
    boolean hasRayoCaps =
        sessions
            .find(client)
            .flatMap(session -> session.registration)
            .filter(Registration::hasRayoCaps)
            .isPresent();
    return dialects.of(client, hasRayoCaps);
  }

  /** How many events have been sent more than once, all clients together. */
  public synchronized long resent() {
    return events.resent();
  }

  /** How many clients are known, there or not. */
  public synchronized int size() {
    return sessions.size();
  }

  /** How many events wait for their client, or for the proof that the server has routed them. */
  public synchronized int unconfirmed() {
    return events.unconfirmed();
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
    sessions.find(client).ifPresent(this::found);
  }

  /**
   * Sends an offer, which is worth nothing later, and from then on tells the watcher when the
   * client goes and comes back.
   *
   * @return whether it was sent; if not, the client is not there, and nobody watches it
   */
  synchronized boolean offer(JID client, Presence offer, ClientWatcher watcher) {
    Optional<ClientSession> there = sessions.find(client).filter(ClientSession::isPresent);
    if (there.isEmpty() || !stream.sendOnThisConnection(offer)) {
      return false;
    }
    there.orElseThrow().watchers.add(watcher);
    there.orElseThrow().turn = ++turns;
    return true;
  }

  /** Tells the watcher from now on when the client goes and comes back, also if it just has. */
  synchronized void watch(JID client, ClientWatcher watcher) {
    ClientSession session = sessions.of(client);
    session.watchers.add(watcher);
    if (session.reach() == Reach.GONE || session.reach() == Reach.SILENT) {
      watcher.clientGone(client);
    }
  }

  /** A client has taken the place of one that is gone: what that has missed it is told at once. */
  synchronized void succeed(JID gone, JID heir, ClientWatcher watcher) {
    watch(heir, watcher);
    sessions.find(gone).ifPresent(away -> events.succeed(away, sessions.of(heir)));
  }

  synchronized void unwatch(JID client, ClientWatcher watcher) {
    sessions
        .find(client)
        .ifPresent(
            session -> {
              session.watchers.remove(watcher);
              sessions.forgetIfIdle(session);
            });
  }

  /**
   * Sends an event or message that must arrive, after all earlier ones to this client, now or
   * later.
   *
   * @param arrived runs once the XMPP server has routed it
   */
  synchronized void tell(JID client, Packet event, Runnable arrived) {
    events.tell(sessions.of(client), event, arrived);
  }

  /**
   * As {@link #tell}, for a client of which nothing has been heard in this run: it is asked first
   * whether it is there.
   */
  synchronized void tellWhenThere(JID client, Presence event, Runnable arrived) {
    boolean unknown = sessions.find(client).isEmpty();
    ClientSession session = sessions.of(client, Reach.UNVERIFIED);
    events.tell(session, event, arrived);
    if (unknown) {
      questions.ask(session);
    }
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
    Optional<ClientSession> known = sessions.find(from);
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
    if (!admission.allowed().test(presence.getFrom())) {
      ignored(presence.getFrom());
      return;
    }
    ClientSession session = sessions.of(presence.getFrom());
    session.registration = Optional.of(Registration.of(presence));
    found(session);
    sessions.copy().forEach(other -> events.handOver(other, clock.now()));
  }

  /** Said once of each, but there may be no end of them. */
  private void ignored(JID stranger) {
    if (strangers.size() < STRANGERS_LIMIT && strangers.add(stranger.toBareJID())) {
      LOG.warn("{} is not among the allowed clients and is offered no calls", stranger);
    }
  }

  private static boolean isForTheServer(Presence presence) {
    JID to = presence.getTo();
    return to != null && to.getNode() == null;
  }

  @Override
  public synchronized void connected() {
    sessions.connected();
    events.connected();
    // Whoever is asked may be answered for, and forgotten, at once.
    for (ClientSession session : sessions.copy()) {
      if (session.isPresent()) {
        events.flush(session);
      } else {
        questions.ask(session);
      }
    }
  }

  @Override
  public synchronized void disconnected(String reason) {
    sessions.disconnected();
  }

  private void found(ClientSession session) {
    boolean back = !session.isPresent();
    session.heard(clock.now());
    if (back) {
      session.watchers.forEach(watcher -> watcher.clientBack(session.jid));
      events.flush(session);
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
    sessions.forgetIfIdle(session);
    questions.askLater(session);
  }

  /** From time to time: gives up what has waited too long, and asks who has been quiet. */
  private void round() {
    guarded(
        () -> {
          Instant now = clock.now();
          sessions.copy().forEach(session -> look(session, now));
        });
    clock.after(ROUND, this::round);
  }

  private void look(ClientSession session, Instant now) {
    events.giveUpOld(session, now);
    events.handOver(session, now);
    boolean quiet = session.lastEvent().plus(QUIET).isBefore(now);
    boolean abandoned = session.lastEvent().plus(REGISTRATION_KEPT).isBefore(now);
    if (session.isPresent() && quiet) {
      questions.ask(session);
    } else if (session.reach() == Reach.SILENT && abandoned) {
      gone(session);
    }
    sessions.forgetIfIdle(session);
  }

  private synchronized void guarded(Runnable task) {
    task.run();
  }
}
