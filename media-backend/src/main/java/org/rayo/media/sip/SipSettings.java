package org.rayo.media.sip;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the embedded SIP endpoint listens and whom it serves.
 *
 * @param address to bind, an IP address or a host name of this machine; {@code 0.0.0.0} for all
 * @param port for UDP and TCP; 0 picks one that is free
 * @param publicAddress the IP address told to callers in SDP and Contact; when empty, the bound
 *     one, or, when that is {@code 0.0.0.0}, the address of the interface that faces the caller
 * @param allowedCallers whose requests are served, and whose RTP: where media comes from other
 *     machines than signalling, list both; everybody's when empty
 * @param ringTimeout how long a call may wait for its answer, whoever placed it
 * @param rtpTimeout how long an answered call that is not on hold may be without RTP; noticed no
 *     sooner than the RTP engine's own {@code deadAfter}
 * @param maxCalls calls at once; more are refused
 * @param userAgent told in Server and User-Agent
 * @param dialPlan whom calls may be placed to
 */
public record SipSettings(
    String address,
    int port,
    Optional<String> publicAddress,
    List<AddressRange> allowedCallers,
    Duration ringTimeout,
    Duration rtpTimeout,
    int maxCalls,
    String userAgent,
    DialPlan dialPlan) {

  public SipSettings {
    Objects.requireNonNull(dialPlan, "dialPlan");
    allowedCallers = List.copyOf(allowedCallers);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("SIP port is " + port + "; 0 to 65535 are allowed");
    }
    if (maxCalls < 1) {
      throw new IllegalArgumentException("maxCalls is " + maxCalls + "; at least 1 is needed");
    }
    requirePositive("ringTimeout", ringTimeout);
    requirePositive("rtpTimeout", rtpTimeout);
    publicAddress.ifPresent(
        text -> {
          if (IpLiteral.parse(text).isEmpty()) {
            throw new IllegalArgumentException(
                "public address '" + text + "' is not an IP address");
          }
        });
    if (userAgent.isBlank() || userAgent.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new IllegalArgumentException(
          "user agent '" + userAgent + "' is empty or holds what is not printable ASCII");
    }
  }

  /** Without anybody to place calls to. */
  public SipSettings(
      String address,
      int port,
      Optional<String> publicAddress,
      List<AddressRange> allowedCallers,
      Duration ringTimeout,
      Duration rtpTimeout,
      int maxCalls,
      String userAgent) {
    this(
        address,
        port,
        publicAddress,
        allowedCallers,
        ringTimeout,
        rtpTimeout,
        maxCalls,
        userAgent,
        DialPlan.NONE);
  }

  /** The same endpoint, that may call these. */
  public SipSettings with(DialPlan plan) {
    return new SipSettings(
        address,
        port,
        publicAddress,
        allowedCallers,
        ringTimeout,
        rtpTimeout,
        maxCalls,
        userAgent,
        plan);
  }

  /** A loopback endpoint on a free port, for trying out and for tests. */
  public static SipSettings loopback() {
    return new SipSettings(
        "127.0.0.1",
        0,
        Optional.empty(),
        List.of(),
        Duration.ofSeconds(180),
        Duration.ofSeconds(60),
        1000,
        "Rayo");
  }

  /** Whether requests, and RTP, from this address are served. */
  public boolean allows(InetAddress address) {
    return allowedCallers.isEmpty()
        || allowedCallers.stream().anyMatch(range -> range.contains(address));
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + ", not positive");
    }
  }
}
