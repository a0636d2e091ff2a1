package org.rayo.config;

import java.time.Duration;
import java.util.List;

/**
 * {@code rayo.control}: who may be a client, and who controls a call.
 *
 * @param securityZone how far the calls and mixers of others are in reach
 * @param controllerGone what becomes of a call whose controlling client goes offline
 * @param controllerGrace how long a call waits for its controlling client to come back
 * @param idleTimeout how long a call that is kept without its controlling client may be idle
 * @param allowedClients who may be a client at all
 * @param dialNeedsPresence only clients that have sent presence may dial
 * @param callsPerClient dialled calls at once; 0: no limit
 */
public record ControlConfig(
    SecurityZone securityZone,
    ControllerGone controllerGone,
    Duration controllerGrace,
    Duration idleTimeout,
    List<JidPattern> allowedClients,
    boolean dialNeedsPresence,
    int callsPerClient) {

  /** Who shares calls and mixers. */
  public enum SecurityZone {
    /** The resources of one bare JID. */
    BARE_JID,
    /** All clients of one domain. */
    DOMAIN
  }

  /** What becomes of a call whose controlling client goes offline. */
  public enum ControllerGone {
    /** It waits for a while, then is hung up. */
    GRACE,
    /** It is hung up at once. */
    HANGUP,
    /** It stays while anything goes on in it. */
    KEEP
  }

  public ControlConfig {
    allowedClients = List.copyOf(allowedClients);
  }

  static ControlConfig read(ConfigReader reader) {
    return new ControlConfig(
        reader.choice("rayo.control.security-zone", SecurityZone.class),
        reader.choice("rayo.control.controller-gone", ControllerGone.class),
        reader.duration("rayo.control.controller-grace", Duration.ZERO, Duration.ofDays(24)),
        reader.duration("rayo.control.idle-timeout", Duration.ofSeconds(1), Duration.ofDays(24)),
        reader.list(
            "rayo.control.allowed-clients", JidPattern::parse, "a JID, with * for anything"),
        reader.flag("rayo.control.dial-needs-presence"),
        reader.integer("rayo.control.calls-per-client", 0, 100_000));
  }
}
