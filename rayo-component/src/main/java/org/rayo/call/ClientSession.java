package org.rayo.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;
import org.rayo.protocol.Namespaces;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/**
 * What is known of one client (a full JID): whether it is there, whether it takes offers, and the
 * events it has not been proved to have got. Guarded by the {@link Clients} that owns it.
 */
final class ClientSession {

  /** Whether a stanza sent now would reach it. */
  enum Reach {
    /** We have heard from it on this connection. */
    PRESENT,
    /** The connection is new, or was too slow for it; a ping is to tell. */
    UNVERIFIED,
    /** It was asked, and nothing showed that it is there; it is asked again. */
    SILENT,
    /** It said so, or its server in its place. */
    GONE
  }

  /** What its last available presence said. */
  record Registration(boolean takesOffers, boolean hasRayoCaps) {
    static Registration of(Presence presence) {
      Presence.Show show = presence.getShow();
      Element caps = presence.getChildElement("c", "http://jabber.org/protocol/caps");
      return new Registration(
          show == null || show == Presence.Show.chat,
          caps != null && Namespaces.CLIENT.equals(caps.attributeValue("node")));
    }
  }

  /** An event, or a message, that must arrive. */
  static final class Tracked {
    private static final long NOT_SENT = Long.MAX_VALUE;

    final Packet event;
    final Runnable arrived;
    final Instant since;

    /** Number of its last sending, of all sendings to all clients. */
    private long sending = NOT_SENT;

    private int timesSent;

    Tracked(Packet event, Runnable arrived, Instant since) {
      this.event = event;
      this.arrived = arrived;
      this.since = since;
    }

    boolean isSent() {
      return sending != NOT_SENT;
    }

    /** It has been sent before, on this connection or an earlier one. */
    boolean isRepeated() {
      return timesSent > 1;
    }

    void sentAs(long number) {
      sending = number;
      timesSent++;
    }

    void takeBack() {
      sending = NOT_SENT;
    }
  }

  final JID jid;
  final Set<ClientWatcher> watchers = new LinkedHashSet<>();
  final Deque<Tracked> unconfirmed = new ArrayDeque<>();

  /** Empty until it sends us presence; then its server will tell us when it goes. */
  Optional<Registration> registration = Optional.empty();

  /** It has answered a ping, so another answer in its place means that it is not there. */
  boolean answersPings;

  /** Number of the last offer that was made to it, of all offers. */
  long turn;

  private Reach reach;

  /** When it was last heard from, asked, or given up. */
  private Instant lastEvent;

  private Duration pause = Duration.ZERO;
  private long question;

  ClientSession(JID jid, Reach reach, Instant now) {
    this.jid = jid;
    this.reach = reach;
    this.lastEvent = now;
  }

  Reach reach() {
    return reach;
  }

  Instant lastEvent() {
    return lastEvent;
  }

  boolean isPresent() {
    return reach == Reach.PRESENT;
  }

  boolean takesOffers() {
    return isPresent() && registration.filter(Registration::takesOffers).isPresent();
  }

  /** It is there. */
  void heard(Instant now) {
    reach = Reach.PRESENT;
    pause = Duration.ZERO;
    lastEvent = now;
    question++;
  }

  /** What is on its way to it is still on its way, but nothing more is to be sent for now. */
  void hold() {
    reach = Reach.UNVERIFIED;
  }

  /** It may be there or not; whatever was on its way to it may not have arrived. */
  void doubt(Reach next, Instant now) {
    lastEvent = reach == next ? lastEvent : now;
    reach = next;
    unconfirmed.forEach(Tracked::takeBack);
  }

  /** It is asked whether it is there; answers to earlier questions count no more. */
  long ask(Instant now) {
    lastEvent = isPresent() ? now : lastEvent;
    return ++question;
  }

  /** This question is the last, and nothing has been heard since. */
  boolean isAsked(long number) {
    return question == number;
  }

  /** It went no later than that, and has not been heard of since. */
  boolean isAwaySince(Instant moment) {
    return (reach == Reach.SILENT || reach == Reach.GONE) && !lastEvent.isAfter(moment);
  }

  /** Another of the client's resources, which is there, may hear what this one has missed. */
  boolean isHeirOf(ClientSession away) {
    return isPresent() && registration.isPresent() && jid.asBareJID().equals(away.jid.asBareJID());
  }

  /** What this one has missed is to be told there. */
  void handOverTo(ClientSession heir) {
    for (Tracked missed : unconfirmed) {
      Packet event = missed.event.createCopy();
      event.setTo(heir.jid);
      heir.unconfirmed.add(new Tracked(event, missed.arrived, missed.since));
    }
    unconfirmed.clear();
  }

  /** Forgets the events that were sent no later than the given sending. */
  void confirm(long upToSending) {
    while (!unconfirmed.isEmpty() && unconfirmed.getFirst().sending <= upToSending) {
      unconfirmed.removeFirst().arrived.run();
    }
  }

  /** Nobody would miss it. */
  boolean isIdle() {
    return registration.isEmpty() && watchers.isEmpty() && unconfirmed.isEmpty();
  }

  /** How long to wait before asking again whether it is there: twice as long each time. */
  Duration nextPause(Duration first, Duration last) {
    Duration doubled = pause.isZero() ? first : pause.multipliedBy(2);
    pause = doubled.compareTo(last) < 0 ? doubled : last;
    return pause;
  }

  @Override
  public String toString() {
    return jid
        + " "
        + reach
        + (takesOffers() ? ", takes offers" : "")
        + ", "
        + unconfirmed.size()
        + " events unconfirmed";
  }
}
