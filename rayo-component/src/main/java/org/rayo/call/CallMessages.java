package org.rayo.call;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.rayo.media.MediaCall;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.TextMessages;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;

/**
 * The text messages of one call: what clients of the controlling party's zone send goes to the
 * other side, what that says to the controlling party. Lives on its call's actor and is as
 * single-threaded.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-im-call-bound">XEP-0327,
 *     call-bound messages</a>
 */
final class CallMessages {

  private static final Logger LOG = LoggerFactory.getLogger(CallMessages.class);

  /** Messages from the other side that wait for their client. */
  static final int KEPT_LIMIT = 100;

  /** Messages that may be on their way to the other side. */
  static final int UNDER_WAY_LIMIT = 100;

  private final CallEnvironment environment;
  private final JID call;
  private final MediaCall media;
  private final CallMailbox mailbox;
  private final CallParties parties;
  private int underWay;

  /** Messages that may not have arrived at a client; counted down on any thread. */
  private final AtomicInteger kept = new AtomicInteger();

  CallMessages(
      CallEnvironment environment,
      JID call,
      MediaCall media,
      CallMailbox mailbox,
      CallParties parties) {
    this.environment = environment;
    this.call = call;
    this.media = media;
    this.mailbox = mailbox;
    this.parties = parties;
  }

  /** A client says something. Nobody gets control of a call by that. */
  void send(Message message, String text) {
    Optional<StanzaError> refusal = refusal(message.getFrom());
    if (refusal.isPresent()) {
      refuse(message, refusal.orElseThrow());
      return;
    }
    underWay++;
    mailbox.tellOf(
        media.message(TextMessages.CONTENT_TYPE, text),
        (done, failure) -> new CallActor.TextSent(message, failure));
  }

  private Optional<StanzaError> refusal(JID client) {
    Optional<SecurityZone> zone = parties.zone();
    if (zone.isEmpty()) {
      return Optional.of(StanzaError.unexpectedRequest("nobody controls this call yet"));
    }
    if (!zone.orElseThrow().contains(client)) {
      return Optional.of(
          StanzaError.notAllowed("this call is controlled by a party of another security zone"));
    }
    return underWay < UNDER_WAY_LIMIT
        ? Optional.empty()
        : Optional.of(
            StanzaError.resourceConstraint(
                UNDER_WAY_LIMIT + " messages of this call are on their way already"));
  }

  /** The media has sent a message on, or not. */
  void sent(Message message, Optional<Throwable> failure) {
    underWay--;
    failure.ifPresent(cause -> refuse(message, Failures.ofMessage(cause)));
  }

  /**
   * The other side says something. It is kept for a controlling party that is away, as events are,
   * up to a limit: nobody can push out events by saying much.
   */
  void received(String text) {
    Optional<JID> controller = parties.controller();
    if (controller.isEmpty()) {
      LOG.warn("a message from the other side is lost: nobody controls the call");
    } else if (kept.get() >= KEPT_LIMIT) {
      LOG.warn("a message from the other side is lost: {} wait for the client", KEPT_LIMIT);
    } else {
      kept.incrementAndGet();
      environment
          .clients()
          .tell(
              controller.orElseThrow(),
              TextMessages.of(call, controller.orElseThrow(), text),
              kept::decrementAndGet);
    }
  }

  private void refuse(Message message, StanzaError error) {
    MessageDispatcher.refuse(environment.stream(), message, error);
  }
}
