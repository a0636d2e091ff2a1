package org.rayo.xmpp;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.xmpp.packet.Packet;

/** Streams and the servers they speak with, closed after each test. */
abstract class StreamFixture {
  static final String DOMAIN = "rayo.localhost";
  static final String PEER = "peer.localhost";

  final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    // Servers first: a stream that ends waits for its server to end it too.
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  EmbeddedXmppServer server(int componentPort) throws Exception {
    EmbeddedXmppServer server =
        new EmbeddedXmppServer(
            new EmbeddedXmppServer.Settings(
                "localhost", Map.of(DOMAIN, "s3cret", PEER, "p33r"), Map.of(), 0, componentPort));
    open.add(server);
    server.start();
    return server;
  }

  static ComponentSettings settings(int port, String domain, String secret, int queue) {
    return new ComponentSettings(
        "127.0.0.1",
        port,
        domain,
        secret,
        queue,
        20_000,
        Duration.ofSeconds(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        false,
        Duration.ZERO);
  }

  static ComponentSettings failFast(int port, String secret) {
    return new ComponentSettings(
        "127.0.0.1",
        port,
        DOMAIN,
        secret,
        10,
        20_000,
        Duration.ofSeconds(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        true);
  }

  ComponentStream stream(ComponentSettings settings, StanzaHandler handler) {
    ComponentStream stream = new ComponentStream(settings, handler);
    open.add(stream);
    return stream;
  }

  ComponentStream connected(ComponentSettings settings, StanzaHandler handler) throws Exception {
    ComponentStream stream = stream(settings, handler);
    stream.start();
    stream.firstConnection().toCompletableFuture().get(5, TimeUnit.SECONDS);
    return stream;
  }

  ScriptedServer scripted() throws Exception {
    ScriptedServer server = new ScriptedServer();
    open.add(server);
    return server;
  }

  static Packet presence(int id) {
    Packet presence = Stanzas.presence(Integer.toString(id));
    presence.setFrom("call@" + DOMAIN);
    presence.setTo("x@" + PEER);
    return presence;
  }

  static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Remembers what a stream reports. */
  static final class Events implements StreamListener {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void connected() {
      events.add("connected");
    }

    @Override
    public void disconnected(String reason) {
      events.add("disconnected: " + reason);
    }

    String next() throws InterruptedException {
      return events.poll(5, TimeUnit.SECONDS);
    }
  }
}
