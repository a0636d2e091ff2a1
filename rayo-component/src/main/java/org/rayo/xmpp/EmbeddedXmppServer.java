package org.rayo.xmpp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small XMPP server for tests, for trying out and for the demo: components (XEP-0114) and client
 * logins, nothing stored, no encryption, no other servers. It listens on the loopback address only
 * and cannot be told otherwise.
 *
 * <p>Two threads for each connection. All methods are thread safe.
 */
public final class EmbeddedXmppServer implements AutoCloseable {
  /**
   * Who may connect, and where.
   *
   * @param domain the server's, such as {@code localhost}
   * @param components component domain to secret; never printed
   * @param accounts user name to password; never printed
   * @param clientPort where clients connect; 0 for any free port
   * @param componentPort where components connect; 0 for any free port
   */
  public record Settings(
      String domain,
      Map<String, String> components,
      Map<String, String> accounts,
      int clientPort,
      int componentPort) {

    /** Checks and copies the values. */
    public Settings {
      components = Map.copyOf(components);
      accounts = Map.copyOf(accounts);
      if (Addresses.parse(domain).filter(Addresses::isDomain).isEmpty()) {
        throw new IllegalArgumentException("domain is \"" + domain + "\", not a domain");
      }
      if (components.containsKey(domain)) {
        throw new IllegalArgumentException("a component has the server's domain, " + domain);
      }
    }

    /** Settings with any free ports. */
    public Settings(String domain, Map<String, String> components, Map<String, String> accounts) {
      this(domain, components, accounts, 0, 0);
    }

    /** Everything but the secrets and passwords. */
    @Override
    public String toString() {
      return "Settings[" + domain + ", components " + components.keySet() + "]";
    }
  }

  private static final Logger log = LoggerFactory.getLogger(EmbeddedXmppServer.class);
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Settings settings;
  private final EmbeddedRouting routing;
  private final ServerSocket clientSocket;
  private final ServerSocket componentSocket;
  private final Set<EmbeddedConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Creates the server; nothing is bound yet.
   *
   * @throws IOException when the system gives no sockets
   */
  public EmbeddedXmppServer(Settings settings) throws IOException {
    this.settings = settings;
    this.routing =
        new EmbeddedRouting(
            settings.domain(),
            settings.components(),
            new Accounts(settings.domain(), settings.accounts()));
    this.clientSocket = new ServerSocket();
    this.componentSocket = new ServerSocket();
  }

  /**
   * Binds both ports on the loopback address and accepts connections from then on.
   *
   * @throws IOException when a port is in use; the server is closed then
   */
  public void start() throws IOException {
    try {
      listen(clientSocket, settings.clientPort(), "xmpp-server-c2s", this::client);
      listen(componentSocket, settings.componentPort(), "xmpp-server-component", this::component);
    } catch (IOException e) {
      close();
      throw e;
    }
    log.debug(
        "embedded XMPP server {} on ports {} and {}",
        settings.domain(),
        clientPort(),
        componentPort());
  }

  private EmbeddedConnection client(Socket socket) {
    return new EmbeddedClient(socket, routing);
  }

  private EmbeddedConnection component(Socket socket) {
    return new EmbeddedComponent(socket, routing);
  }

  private void listen(
      ServerSocket listener, int port, String name, Function<Socket, EmbeddedConnection> accepted)
      throws IOException {
    listener.setReuseAddress(true);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      listener.bind(address);
    } catch (IOException e) {
      throw new IOException(
          "the embedded XMPP server cannot listen on " + address + ": " + e.getMessage(), e);
    }
    Thread thread = new Thread(() -> accept(listener, name, accepted), name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(
      ServerSocket listener, String name, Function<Socket, EmbeddedConnection> accepted) {
    while (!closed) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        EmbeddedConnection connection = accepted.apply(socket);
        connections.removeIf(EmbeddedConnection::isDone);
        connections.add(connection);
        connection.start(name);
        if (closed) {
          connection.drop();
        }
      } catch (IOException e) {
        if (!closed) {
          log.warn("accepting a connection failed", e);
        }
      }
    }
  }

  /** The port for clients. */
  public int clientPort() {
    return clientSocket.getLocalPort();
  }

  /** The port for components. */
  public int componentPort() {
    return componentSocket.getLocalPort();
  }

  /** Cuts all connections at once, without a word, as a crash would; goes on listening. */
  void dropConnections() {
    connections.forEach(EmbeddedConnection::drop);
  }

  /** Ends every stream with {@code system-shutdown}, within about 2 s, and frees the ports. */
  @Override
  public void close() {
    closed = true;
    closeListener(clientSocket);
    closeListener(componentSocket);
    connections.forEach(connection -> connection.end(Optional.of(StreamError.SYSTEM_SHUTDOWN)));
    long deadline = System.nanoTime() + CLOSE_NANOS;
    try {
      for (EmbeddedConnection connection : connections) {
        connection.awaitEnd(deadline - System.nanoTime());
      }
    } catch (InterruptedException e) {
      connections.forEach(EmbeddedConnection::drop);
      Thread.currentThread().interrupt();
    }
  }

  private static void closeListener(ServerSocket listener) {
    try {
      listener.close();
    } catch (IOException e) {
      log.debug("closing a listening socket failed", e);
    }
  }
}
