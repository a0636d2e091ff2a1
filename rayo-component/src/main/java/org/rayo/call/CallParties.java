package org.rayo.call;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.StanzaError;
import org.rayo.recording.CallNote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;

/** The clients that have to do with one call: offers it to them, and tells them of its end. */
final class CallParties implements PartyComponents.Owners {

  private static final Logger LOG = LoggerFactory.getLogger(CallParties.class);

  private final Clients clients;
  private final CallStanzas stanzas;
  private final OfferPlan plan;
  private final ControlPolicy control;
  private final ClientWatcher watcher;

  /**
   * @param to the address that is called
   */
  CallParties(CallEnvironment environment, CallStanzas stanzas, CallMailbox mailbox, URI to) {
    this.clients = environment.clients();
    this.stanzas = stanzas;
    this.plan = environment.control().offers().planFor(to);
    this.control = new ControlPolicy(environment.control().zones());
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

  /** Offers the call to those whose turn it is, and says to how many that were. */
  int offer(RayoEvent.Offer offer) {
    return plan.offerNext(
        clients,
        client -> {
          boolean offered = stanzas.offer(client, offer, watcher);
          if (offered) {
            control.offeredTo(client);
          }
          return offered;
        });
  }

  /** How long those have who were offered the call last; empty: as long as the caller waits. */
  Optional<Duration> offerTimeout() {
    return plan.timeout();
  }

  /** Somebody who would be offered the call is on the way back. */
  boolean isATakerComingBack() {
    return clients.isATakerComingBack(plan::isToAsk);
  }

  /** The call has been dialled by this client, which controls it. */
  void dialledBy(JID client) {
    control.dialledBy(client);
    clients.watch(client, watcher);
  }

  /**
   * A client commands the call.
   *
   * @return why it may not
   */
  Optional<StanzaError> claim(JID client) {
    return heard(client, () -> control.claim(client));
  }

  /** A client commands a component: nobody gets control of a call by that who had none. */
  void heardFrom(JID client) {
    heard(
        client,
        () -> {
          control.heardFrom(client);
          return Optional.empty();
        });
  }

  private Optional<StanzaError> heard(JID client, Supplier<Optional<StanzaError>> claim) {
    Optional<JID> before = controller();
    Optional<StanzaError> refusal = claim.get();
    if (!before.equals(controller())) {
      LOG.info("controlled by {}", client);
      before.ifPresent(gone -> clients.succeed(gone, client, watcher));
    }
    return refusal;
  }

  /** The definitive controlling party. */
  Optional<JID> controller() {
    return control.definitiveControllingParty();
  }

  /**
   * Whether the call is of this zone: its controlling party is; before there is one, one of those
   * it was offered to.
   */
  boolean isOf(SecurityZone zone) {
    return control.isOf(zone);
  }

  /** The security zone of the definitive controlling party. */
  Optional<SecurityZone> zone() {
    return control.zone();
  }

  @Override
  public JID ownerOf(JID maker) {
    return control.ownerOf(maker);
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
    return control.informed();
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
    }
    control.known().forEach(client -> clients.unwatch(client, watcher));
    if (informed.isEmpty()) {
      arrived.run();
    }
  }
}
