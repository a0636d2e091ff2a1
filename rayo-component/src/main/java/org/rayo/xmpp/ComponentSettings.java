package org.rayo.xmpp;

import java.time.Duration;

/**
 * How to be a component of an XMPP server.
 *
 * @param host the server's name or address
 * @param port the server's component port, 1 to 65535
 * @param domain the component's domain, such as {@code rayo.example.org}
 * @param secret the secret shared with the server; never printed
 * @param queueLimit how many stanzas may wait to be written, at least 1
 * @param maxStanzaBytes the largest stanza accepted, at least 1,024
 * @param connectTimeout the longest for a TCP connection and, again, for the handshake on it
 * @param backoffMin the pause after a first failure
 * @param backoffMax the longest pause between two tries, and the pause after a refused secret
 * @param failFast whether {@link ComponentStream#firstConnection()} fails, and the stream ends,
 *     when the first try does not succeed
 * @param pingInterval after how long a silence the connection is probed; a further such silence and
 *     it counts as lost; zero for never
 */
public record ComponentSettings(
    String host,
    int port,
    String domain,
    String secret,
    int queueLimit,
    int maxStanzaBytes,
    Duration connectTimeout,
    Duration backoffMin,
    Duration backoffMax,
    boolean failFast,
    Duration pingInterval) {

  /** The default of {@code queueLimit}. */
  public static final int DEFAULT_QUEUE_LIMIT = 10_000;

  /** The default of {@code maxStanzaBytes}. */
  public static final int DEFAULT_MAX_STANZA_BYTES = 262_144;

  private static final Duration DEFAULT_PING_INTERVAL = Duration.ofSeconds(30);

  /** Checks the values. */
  public ComponentSettings {
    require(!host.isBlank(), "host is empty");
    require(port >= 1 && port <= 65_535, "port is " + port + ", not 1 to 65535");
    require(
        Addresses.parse(domain).filter(Addresses::isDomain).isPresent(),
        "domain is \"" + domain + "\", not a domain");
    require(!secret.isEmpty(), "secret is empty");
    require(queueLimit >= 1, "queueLimit is " + queueLimit + ", not at least 1");
    require(maxStanzaBytes >= 1024, "maxStanzaBytes is " + maxStanzaBytes + ", not at least 1024");
    require(
        !connectTimeout.isNegative() && !connectTimeout.isZero(), "connectTimeout is not positive");
    require(!backoffMin.isNegative() && !backoffMin.isZero(), "backoffMin is not positive");
    require(backoffMax.compareTo(backoffMin) >= 0, "backoffMax is less than backoffMin");
    require(!pingInterval.isNegative(), "pingInterval is negative");
  }

  /** Settings with the default ping interval of 30 s. */
  public ComponentSettings(
      String host,
      int port,
      String domain,
      String secret,
      int queueLimit,
      int maxStanzaBytes,
      Duration connectTimeout,
      Duration backoffMin,
      Duration backoffMax,
      boolean failFast) {
    this(
        host,
        port,
        domain,
        secret,
        queueLimit,
        maxStanzaBytes,
        connectTimeout,
        backoffMin,
        backoffMax,
        failFast,
        DEFAULT_PING_INTERVAL);
  }

  /** Settings with defaults for everything but the server and the secret. */
  public static ComponentSettings of(String host, int port, String domain, String secret) {
    return new ComponentSettings(
        host,
        port,
        domain,
        secret,
        DEFAULT_QUEUE_LIMIT,
        DEFAULT_MAX_STANZA_BYTES,
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        false);
  }

  private static void require(boolean holds, String complaint) {
    if (!holds) {
      throw new IllegalArgumentException(complaint);
    }
  }

  /** Everything but the secret. */
  @Override
  public String toString() {
    return "ComponentSettings[" + domain + " at " + host + ":" + port + "]";
  }
}
