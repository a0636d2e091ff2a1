package org.rayo.call;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.StanzaError;
import org.rayo.recording.CallNote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;

/** The clients that have to do with one call: offers it to them, and tells them of its end. */
final class CallParties {

  private static final Logger LOG = LoggerFactory.getLogger(CallParties.class);

  private final Clients clients;
  private final CallStanzas stanzas;
  private final ControlPolicy control = new ControlPolicy();
  private final ClientWatcher watcher;

  CallParties(Clients clients, CallStanzas stanzas, CallMailbox mailbox) {
    this.clients = clients;
    this.stanzas = stanzas;
    this.watcher =
        new ClientWatcher() {
          @Override
          public void clientGone(JID client) {
            mailbox.tell(new CallActor.ClientGone(client));
          }

          @Override
          public void clientBack(JID client) {
            mailbox.tell(new CallActor.ClientBack(client));
          }
        };
  }

  /** Offers the call to everybody who takes offers, and says to how many that were. */
  int offer(RayoEvent.Offer offer) {
    int offered = 0;
    for (JID client : clients.takingOffers()) {
      if (stanzas.offer(client, offer, watcher)) {
        control.offeredTo(client);
        offered++;
      }
    }
    return offered;
  }

  /**
   * A client commands the call.
   *
   * @return why it may not
   */
  Optional<StanzaError> claim(JID client) {
    boolean free = control.definitiveControllingParty().isEmpty();
    Optional<StanzaError> refusal = control.claim(client);
    if (free && refusal.isEmpty()) {
      LOG.info("controlled by {}", client);
    }
    return refusal;
  }

  /** A client commands a component, by which nobody gets control of the call. */
  void heardFrom(JID client) {
    control.heardFrom(client);
  }

  boolean isControlledBy(JID client) {
    return control.isControlledBy(client);
  }

  /** Nobody controls the call, and nobody is there who could. */
  boolean isAbandoned() {
    return control.abandoned();
  }

  void left(JID client) {
    control.withdraw(client);
  }

  void returned(JID client) {
    control.comeBack(client);
  }

  /** Everybody who has to be told of the end. */
  List<JID> informed() {
    return List.copyOf(control.informed());
  }

  /**
   * Tells everybody concerned that the call is over, after all they were told of it before.
   *
   * @param arrived runs once the XMPP server has routed all of it
   */
  void tellEnd(CallNote.End end, Runnable arrived) {
    List<JID> informed = informed();
    AtomicInteger left = new AtomicInteger(informed.size());
    for (JID client : informed) {
      stanzas.end(
          client,
          end,
          () -> {
            if (left.decrementAndGet() == 0) {
              arrived.run();
            }
          });
      clients.unwatch(client, watcher);
    }
    if (informed.isEmpty()) {
      arrived.run();
    }
  }
}
