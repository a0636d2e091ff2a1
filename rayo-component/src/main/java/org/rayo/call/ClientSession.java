package org.rayo.call;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.xmpp.packet.JID;
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
    /** The connection was new when we last looked; a ping is to tell. */
    UNVERIFIED,
    /** It said so, or the server answered in its place. */
    GONE
  }

  /** An event that must arrive. */
  static final class Tracked {
    private static final long NOT_SENT = Long.MAX_VALUE;

    final Presence event;
    final Runnable arrived;

    /** Number of its last sending, of all sendings to all clients. */
    long sending = NOT_SENT;

    /** It has been sent before, on this connection or an earlier one. */
    boolean everSent;

    Tracked(Presence event, Runnable arrived) {
      this.event = event;
      this.arrived = arrived;
    }

    boolean sent() {
      return sending != NOT_SENT;
    }

    void sentAs(long number) {
      sending = number;
      everSent = true;
    }

    void takeBack() {
      sending = NOT_SENT;
    }
  }

  final JID jid;
  final Set<ClientWatcher> watchers = new HashSet<>();
  final Deque<Tracked> unconfirmed = new ArrayDeque<>();
  Reach reach = Reach.PRESENT;

  /** It has sent us presence, so its server will tell us when it goes. */
  boolean registered;

  boolean takesOffers;
  boolean hasRayoCaps;
  private Duration pause = Duration.ZERO;

  ClientSession(JID jid) {
    this.jid = jid;
  }

  /** Forgets the events that were sent no later than the given sending. */
  void confirm(long upToSending) {
    while (!unconfirmed.isEmpty() && unconfirmed.getFirst().sending <= upToSending) {
      unconfirmed.removeFirst().arrived.run();
    }
  }

  /** Nobody would miss it. */
  boolean idle() {
    return (reach == Reach.GONE || !registered) && watchers.isEmpty() && unconfirmed.isEmpty();
  }

  /** How long to wait before asking again whether it is there: twice as long each time. */
  Duration nextPause(Duration first, Duration last) {
    Duration doubled = pause.isZero() ? first : pause.multipliedBy(2);
    pause = doubled.compareTo(last) < 0 ? doubled : last;
    return pause;
  }

  void cameBack() {
    reach = Reach.PRESENT;
    pause = Duration.ZERO;
  }

  @Override
  public String toString() {
    return jid
        + " "
        + reach
        + (takesOffers ? ", takes offers" : "")
        + ", "
        + unconfirmed.size()
        + " events unconfirmed";
  }
}
