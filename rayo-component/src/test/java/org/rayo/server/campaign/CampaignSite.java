package org.rayo.server.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jivesoftware.smack.packet.IQ;
import org.rayo.server.cli.RayoProcess;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.peers.TcpRelay;
import org.rayo.xmpp.EmbeddedXmppServer;

/**
 * The server as a process of its own, an XMPP server behind a line that can fall silent, and
 * clients that come back whenever they have to.
 */
final class CampaignSite implements AutoCloseable {

  private static final String DOMAIN = "rayo.localhost";
  private static final String SECRET = "hush-5347-hush";
  private static final String PASSWORD = "montague-5347-montague";
  private static final Duration SLICE = Duration.ofMillis(500);
  private static final int ATTEMPTS = 120;
  private static final int STARTS = 20;

  private final Path directory;
  private final String config;
  private final TcpRelay relay;
  private final List<RayoClient> clients = new ArrayList<>();
  private EmbeddedXmppServer xmpp;
  private Optional<RayoProcess> rayo = Optional.empty();
  private Optional<Starvation> starvation = Optional.empty();
  private volatile Optional<String> sipUri = Optional.empty();
  private final AtomicInteger generation = new AtomicInteger();

  /**
   * @param config besides XMPP and SIP
   */
  CampaignSite(Path directory, String config, int clients) throws IOException {
    this.directory = directory;
    xmpp = xmpp(0, 0);
    relay = new TcpRelay(xmpp.componentPort());
    this.config =
        """
        rayo.xmpp { port = %d, secret = "%s", reconnect { min-backoff = 50ms, max-backoff = 200ms } }
        rayo.media.embedded.sip { address = "127.0.0.1", port = 0 }
        rayo.control.controller-grace = 60s
        """
                .formatted(relay.port(), SECRET)
            + config;
    for (int i = 0; i < clients; i++) {
      this.clients.add(
          RayoClient.connect(
              new RayoClient.Login(
                  "127.0.0.1", xmpp.clientPort(), "localhost", "romeo", PASSWORD, "client" + i),
              DOMAIN));
    }
  }

  private static EmbeddedXmppServer xmpp(int clientPort, int componentPort) throws IOException {
    EmbeddedXmppServer server =
        new EmbeddedXmppServer(
            new EmbeddedXmppServer.Settings(
                "localhost",
                Map.of(DOMAIN, SECRET),
                Map.of("romeo", PASSWORD),
                clientPort,
                componentPort));
    server.start();
    return server;
  }

  List<RayoClient> clients() {
    return clients;
  }

  /** Where callers reach the server that runs now, if one does. */
  Optional<String> sipUri() {
    return sipUri;
  }

  /** Another number after each end of the server. */
  int generation() {
    return generation.get();
  }

  /** Starts the server and does not wait for it. */
  void launch() {
    starvation.ifPresent(Starvation::close);
    RayoProcess launched = RayoProcess.serveSoon(directory, config);
    rayo = Optional.of(launched);
    starvation = Optional.of(new Starvation(launched.pid()));
  }

  /** How long a media thread of the server has lately waited for a processor. */
  long starvedMillis() {
    return starvation.map(Starvation::millis).orElse(0L);
  }

  /**
   * Starts the server and returns when clients can be offered calls. As whatever runs servers does,
   * it starts it again when it ends because a directory is not there just then.
   */
  void start() {
    launch();
    Optional<String> line = rayo.orElseThrow().awaitLineOrEnd("SIP");
    for (int attempt = 1; line.isEmpty(); attempt++) {
      if (attempt == STARTS) {
        throw new AssertionError("the server does not start; it said\n" + log());
      }
      pause(200);
      launch();
      line = rayo.orElseThrow().awaitLineOrEnd("SIP");
    }
    rayo.orElseThrow().awaitLog("connected");
    comeBack();
    sipUri = line.map(l -> l.replaceAll(".*(sip:\\S+).*", "$1"));
  }

  /** Every client tells the server that it takes calls, until the server is there to hear it. */
  void comeBack() {
    for (RayoClient client : clients) {
      for (int attempt = 1; !comesBack(client); attempt++) {
        if (attempt == ATTEMPTS) {
          throw new AssertionError("the server does not answer any more; it said\n" + log());
        }
      }
    }
  }

  private boolean comesBack(RayoClient client) {
    client.available();
    String ping = client.sendIq(IQ.Type.get, DOMAIN, "<ping xmlns='urn:xmpp:ping'/>");
    Optional<Received> answer = client.await(s -> s.answers(ping), SLICE);
    boolean there = answer.filter(a -> a.type().equals("result")).isPresent();
    if (!there) {
      pause(answer.isPresent() ? 50 : 0);
    }
    return there;
  }

  /** Ends the server without a word. */
  void kill() {
    gone();
    rayo.ifPresent(RayoProcess::kill);
  }

  /**
   * Ends the server as an operator does.
   *
   * @return its exit code
   */
  int terminate() {
    RayoProcess process = rayo.orElseThrow();
    process.terminate();
    int code = process.exit();
    gone();
    return code;
  }

  private void gone() {
    sipUri = Optional.empty();
    generation.incrementAndGet();
  }

  /** Ends the XMPP server and starts it again, on the same ports; clients log in again. */
  void restartXmpp() throws IOException {
    int clientPort = xmpp.clientPort();
    int componentPort = xmpp.componentPort();
    xmpp.close();
    // What the clients had been sent they read.
    pause(100);
    xmpp = xmpp(clientPort, componentPort);
    clients.forEach(RayoClient::reconnect);
    comeBack();
  }

  /** What the server and the XMPP server say to each other gets lost for so long. */
  void silence(int millis) {
    fallSilent();
    pause(millis);
    recover();
  }

  /** What the server and the XMPP server say to each other gets lost from now on. */
  void fallSilent() {
    relay.fallSilent();
  }

  /** The line is reset, and the next one works. */
  void recover() {
    relay.recover();
    comeBack();
  }

  /** The XMPP server ends the component's stream with an error. */
  void endStream() {
    relay.sayAndClose(
        "<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
            + "</stream:stream>");
    comeBack();
  }

  static void pause(int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What it said since it was started last. */
  String log() {
    return rayo.map(RayoProcess::stderr).orElse("");
  }

  @Override
  public void close() {
    clients.forEach(RayoClient::close);
    starvation.ifPresent(Starvation::close);
    rayo.ifPresent(RayoProcess::close);
    relay.close();
    xmpp.close();
  }
}
