package org.rayo.server;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Map;
import java.util.stream.Collectors;
import org.rayo.config.XmppConfig;
import org.rayo.xmpp.EmbeddedXmppServer;

/**
 * The XMPP server that runs beside the component when there is no other: on loopback, with the
 * configured accounts, or else with one whose password is made up.
 *
 * @param secret between it and the component
 * @param accounts password by user name
 */
public record EmbeddedXmpp(EmbeddedXmppServer server, String secret, Map<String, String> accounts) {

  /** The address it listens on. */
  public static final String HOST = "127.0.0.1";

  /** The domain of its accounts. */
  public static final String DOMAIN = XmppConfig.EMBEDDED_DOMAIN;

  private static final String DEFAULT_USER = "rayo";
  private static final SecureRandom RANDOM = new SecureRandom();

  static EmbeddedXmpp start(XmppConfig config) throws StartException {
    String secret = password();
    Map<String, String> accounts =
        config.embedded().accounts().isEmpty()
            ? Map.of(DEFAULT_USER, password())
            : config.embedded().accounts().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().reveal()));
    try {
      EmbeddedXmppServer server =
          new EmbeddedXmppServer(
              new EmbeddedXmppServer.Settings(
                  DOMAIN,
                  Map.of(config.domain(), secret),
                  accounts,
                  config.embedded().clientPort(),
                  0));
      return new EmbeddedXmpp(started(server), secret, accounts);
    } catch (IOException e) {
      throw new StartException(
          "rayo.xmpp.embedded.client-port = "
              + config.embedded().clientPort()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static EmbeddedXmppServer started(EmbeddedXmppServer server) throws IOException {
    try {
      server.start();
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private static String password() {
    return new BigInteger(80, RANDOM).toString(36);
  }

  /** Where clients log in. */
  public int clientPort() {
    return server.clientPort();
  }

  int componentPort() {
    return server.componentPort();
  }

  void close() {
    server.close();
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "EmbeddedXmpp[" + HOST + ":" + clientPort() + ", " + accounts.keySet() + "]";
  }
}
