package org.rayo.config;

import java.time.Duration;

/**
 * {@code rayo.control}: who controls a call.
 *
 * @param controllerGrace how long a call waits for its controlling client to come back
 */
public record ControlConfig(Offer offer, Duration controllerGrace) {

  /** Who is offered a call. */
  public enum Offer {
    /** Every client that is available for it. */
    ALL
  }

  static ControlConfig read(ConfigReader reader) {
    return new ControlConfig(
        reader.choice("rayo.control.offer", Offer.class),
        reader.duration("rayo.control.controller-grace", Duration.ZERO, Duration.ofDays(24)));
  }
}
