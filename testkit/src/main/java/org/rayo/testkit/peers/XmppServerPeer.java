package org.rayo.testkit.peers;

import java.nio.file.Path;

/**
 * A real XMPP server for one test, on 127.0.0.1, with accounts and one external component.
 *
 * <p>Clients log in without TLS, by SCRAM-SHA-1 or PLAIN. Ports, accounts and data stay the same
 * over restarts. Not thread-safe.
 */
public interface XmppServerPeer extends AutoCloseable {

  /** What the server is, for a test's name. */
  String name();

  /** Starts it and waits until both ports accept connections. */
  void start();

  /** Ends it in the orderly way, and waits until it is gone. */
  void stop();

  /** Ends it as {@code kill -9} does, and waits until it is gone. */
  void kill();

  /** {@link #stop} and {@link #start}. */
  default void restart() {
    stop();
    start();
  }

  boolean running();

  /** The port for clients. */
  int clientPort();

  /** The port for external components. */
  int componentPort();

  /** The domain of the accounts. */
  String domain();

  /** The domain of the component. */
  String componentDomain();

  /** The secret of the component. */
  String secret();

  /** What the server has logged. */
  String log();

  /** Where its configuration, data and logs are. */
  Path directory();

  @Override
  void close();
}
