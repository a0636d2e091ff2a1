package org.rayo.config;

import java.time.Duration;
import java.util.Map;

/**
 * {@code rayo.xmpp}: the XMPP server that the component connects to.
 *
 * @param host name or address of an external server
 * @param port of the external server
 * @param domain the component's
 * @param secret shared with the external server; never empty where that is used
 * @param queueLimit stanzas that may wait to be sent
 * @param maxStanzaSizeBytes largest stanza accepted
 * @see <a href="https://xmpp.org/extensions/xep-0114.html">XEP-0114</a>
 */
public record XmppConfig(
    Server server,
    String host,
    int port,
    String domain,
    Secret secret,
    Reconnect reconnect,
    int queueLimit,
    int maxStanzaSizeBytes,
    Embedded embedded) {

  /** The domain of the embedded server, and so of its accounts. */
  public static final String EMBEDDED_DOMAIN = "localhost";

  /** Which server. */
  public enum Server {
    /**
     * One that runs by itself; {@code host}, {@code port} and {@code secret} say how to reach it.
     */
    EXTERNAL,
    /** Ours, in this process and on loopback. */
    EMBEDDED
  }

  /** Pauses between attempts to connect; they double from the first to the last. */
  public record Reconnect(Duration minBackoff, Duration maxBackoff) {}

  /**
   * The embedded server.
   *
   * @param clientPort on loopback, 0 for any
   * @param accounts passwords by name; none: the server makes one up
   */
  public record Embedded(int clientPort, Map<String, Secret> accounts) {
    public Embedded {
      accounts = Map.copyOf(accounts);
    }
  }

  static XmppConfig read(ConfigReader reader) {
    XmppConfig config =
        new XmppConfig(
            reader.choice("rayo.xmpp.server", Server.class),
            reader.host("rayo.xmpp.host"),
            reader.integer("rayo.xmpp.port", 1, 65535),
            reader.domain("rayo.xmpp.domain"),
            reader.secret("rayo.xmpp.secret"),
            new Reconnect(
                reader.duration(
                    "rayo.xmpp.reconnect.min-backoff", Duration.ofMillis(10), Duration.ofDays(1)),
                reader.duration(
                    "rayo.xmpp.reconnect.max-backoff", Duration.ofMillis(10), Duration.ofDays(1))),
            reader.integer("rayo.xmpp.queue-limit", 1, 1_000_000),
            reader.bytes("rayo.xmpp.max-stanza-size", 10_000, 16 << 20),
            new Embedded(
                reader.integer("rayo.xmpp.embedded.client-port", 0, 65535),
                reader.secrets("rayo.xmpp.embedded.accounts", "password")));
    if (config.server == Server.EXTERNAL && config.secret.isEmpty()) {
      reader.missing(
          "rayo.xmpp.secret",
          "set it, or the environment variable RAYO_XMPP_SECRET, to what the XMPP server has");
    }
    if (config.server == Server.EMBEDDED && config.domain.equals(EMBEDDED_DOMAIN)) {
      reader.wrong("rayo.xmpp.domain", "another than that of the embedded server itself");
    }
    if (config.reconnect.maxBackoff.compareTo(config.reconnect.minBackoff) < 0) {
      reader.wrong("rayo.xmpp.reconnect.max-backoff", "no shorter than min-backoff");
    }
    return config;
  }
}
