package org.rayo.call;

import java.time.Duration;

/**
 * Who gets control of calls, and what becomes of those without.
 *
 * @param offers who is offered the calls that ring in
 * @param zones how security zones are drawn
 * @param controllerGone what becomes of a call whose controlling party goes offline
 * @param grace how long a call outlives the absence of its controlling party
 * @param idleTimeout how long a call that is kept without its controlling party may be idle
 */
public record ControlSettings(
    OfferPolicy offers,
    SecurityZone.Extent zones,
    ControllerGone controllerGone,
    Duration grace,
    Duration idleTimeout) {

  /** What becomes of a call whose controlling party goes offline. */
  public enum ControllerGone {
    /** It is hung up after {@link ControlSettings#grace}. */
    GRACE,
    /** It is hung up at once. */
    HANGUP,
    /** It is hung up when it has been idle for {@link ControlSettings#idleTimeout}. */
    KEEP
  }
}
