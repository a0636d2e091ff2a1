package org.rayo.call;

import java.time.Duration;
import org.rayo.media.MediaCall;
import org.rayo.protocol.RayoEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a call to those whose turn it is to take calls; when they have had their time and nobody
 * has taken it, to the next. While the connection to the XMPP server is lost for a moment, nobody
 * is there, and the caller waits a little. Lives on its call's actor.
 */
final class CallOffering {

  private static final Logger LOG = LoggerFactory.getLogger(CallOffering.class);

  private static final Duration OFFER_PAUSE = Duration.ofMillis(250);

  /** With the pauses, 10 s. */
  private static final int OFFERS = 40;

  private final MediaCall media;
  private final CallParties parties;
  private final CallMailbox mailbox;
  private int offersLeft = OFFERS;

  /** What came of it. */
  enum Result {
    OFFERED,
    /** It will be tried again. */
    LATER,
    /** There is nobody, or nobody else. */
    TO_NOBODY
  }

  CallOffering(MediaCall media, CallParties parties, CallMailbox mailbox) {
    this.media = media;
    this.parties = parties;
    this.mailbox = mailbox;
  }

  /** Offers it to whoever is next. */
  Result next() {
    int offered = parties.offer(new RayoEvent.Offer(media.to(), media.from(), media.headers()));
    if (offered == 0 && offersLeft > 0 && parties.isATakerComingBack()) {
      offersLeft--;
      mailbox.offerAgain(OFFER_PAUSE);
      return Result.LATER;
    }
    LOG.info(
        "call from {} to {} ({}) offered to {}",
        media.from(),
        media.to(),
        media.signallingId(),
        offered == 0
            ? parties.informed().isEmpty()
                ? "nobody, for no client is available"
                : "nobody else, for no other client is available"
            : offered == 1 ? "one client" : offered + " clients");
    if (offered == 0) {
      return Result.TO_NOBODY;
    }
    parties.offerTimeout().ifPresent(mailbox::offerAgain);
    return Result.OFFERED;
  }
}
