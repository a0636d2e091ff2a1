package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xmpp.packet.Packet;

@Timeout(30)
class ComponentStreamTest extends StreamFixture {

  @Test
  void digest_ofIdAndSecret_isLowerCaseHexOfSha1() {
    // SHA-1 of "3BF96D32" and "test", computed with sha1sum.
    assertThat(ComponentConnection.digest("3BF96D32" + "test"))
        .isEqualTo("aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e");
  }

  @Test
  void start_rightSecret_connects() throws Exception {
    ComponentStream stream =
        connected(settings(server(0).componentPort(), DOMAIN, "s3cret", 10), stanza -> {});
    assertThat(stream.isConnected()).isTrue();
  }

  @Test
  void start_wrongSecret_reportsRefused() throws Exception {
    ComponentStream stream =
        stream(settings(server(0).componentPort(), DOMAIN, "wr0ng", 10), stanza -> {});
    stream.start();
    assertRefused(stream, ComponentStreamException.Kind.REFUSED, "not-authorized");
    assertThat(stream.isConnected()).isFalse();
  }

  @Test
  void start_wrongDomain_reportsRefused() throws Exception {
    ComponentStream stream =
        stream(settings(server(0).componentPort(), "other.localhost", "x", 10), stanza -> {});
    stream.start();
    assertRefused(stream, ComponentStreamException.Kind.REFUSED, "host-unknown");
  }

  @Test
  void start_nobodyListensFailFast_fails() throws Exception {
    ComponentStream stream = stream(failFast(freePort(), "s3cret"), stanza -> {});
    stream.start();
    assertRefused(stream, ComponentStreamException.Kind.UNREACHABLE, "cannot reach");
    assertThat(stream.send(presence(1))).isFalse();
  }

  private static void assertRefused(
      ComponentStream stream, ComponentStreamException.Kind kind, String text) {
    ExecutionException failure =
        catchThrowableOfType(
            ExecutionException.class,
            () -> stream.firstConnection().toCompletableFuture().get(5, TimeUnit.SECONDS));
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(
            ComponentStreamException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(text);
  }

  @Test
  void start_serverComesLater_connectsThen() throws Exception {
    int port = freePort();
    ComponentStream stream = stream(settings(port, DOMAIN, "s3cret", 10), stanza -> {});
    stream.start();
    assertThat(stream.send(presence(1))).isTrue();
    server(port);
    stream.firstConnection().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @Test
  void secondConnection_sameDomain_isConflict() throws Exception {
    int port = server(0).componentPort();
    connected(settings(port, DOMAIN, "s3cret", 10), stanza -> {});
    ComponentStream second = stream(failFast(port, "s3cret"), stanza -> {});
    second.start();
    assertRefused(second, ComponentStreamException.Kind.UNREACHABLE, "conflict");
  }

  @Test
  void send_twentyThousandBothWays_allInOrder() throws Exception {
    int count = 20_000;
    int port = server(0).componentPort();
    BlockingQueue<String> echoed = new LinkedBlockingQueue<>();
    ComponentStream[] peer = new ComponentStream[1];
    StanzaHandler echo =
        stanza -> {
          Packet answer = stanza.createCopy();
          answer.setTo(stanza.getFrom());
          answer.setFrom(stanza.getTo());
          assertThat(peer[0].send(answer)).isTrue();
        };
    peer[0] = stream(settings(port, PEER, "p33r", count), echo);
    peer[0].start();
    peer[0].firstConnection().toCompletableFuture().get(5, TimeUnit.SECONDS);
    ComponentStream stream =
        connected(settings(port, DOMAIN, "s3cret", count), stanza -> echoed.add(stanza.getID()));
    for (int i = 0; i < count; i++) {
      assertThat(stream.send(presence(i))).isTrue();
    }
    for (int i = 0; i < count; i++) {
      assertThat(echoed.poll(10, TimeUnit.SECONDS)).isEqualTo(Integer.toString(i));
    }
    assertThat(stream.counters()).isEqualTo(new ComponentStream.Counters(count, count, 0, 0));
  }

  @Test
  void send_duringOutage_arrivesInOrderAfterReconnect() throws Exception {
    ScriptedServer server = scripted();
    ComponentStream stream = stream(settings(server.port(), DOMAIN, "s3cret", 1000), stanza -> {});
    Events events = new Events();
    stream.addListener(events);
    stream.start();
    ScriptedServer.Peer first = server.accept();
    assertThat(events.next()).isEqualTo("connected");
    first.write("</stream:stream>");
    first.close();
    assertThat(events.next()).isEqualTo("disconnected: the server ended the stream");
    for (int i = 0; i < 100; i++) {
      assertThat(stream.send(presence(i))).isTrue();
    }
    ScriptedServer.Peer second = server.accept();
    assertThat(events.next()).isEqualTo("connected");
    assertThat(stream.sendOnThisConnection(presence(100))).isTrue();
    assertThat(stream.send(presence(101))).isTrue();
    for (int i = 0; i <= 101; i++) {
      assertThat(second.next().attributeValue("id")).isEqualTo(Integer.toString(i));
    }
    second.close();
    stream.close();
    assertThat(stream.counters()).isEqualTo(new ComponentStream.Counters(0, 102, 1, 0));
  }

  @Test
  void connected_listenerSends_goesBehindWhatWaited() throws Exception {
    ScriptedServer server = scripted();
    ComponentStream stream = stream(settings(server.port(), DOMAIN, "s3cret", 10), stanza -> {});
    stream.addListener(
        new StreamListener() {
          @Override
          public void connected() {
            stream.sendOnThisConnection(presence(2));
          }

          @Override
          public void disconnected(String reason) {}
        });
    assertThat(stream.send(presence(1))).isTrue();
    stream.start();
    ScriptedServer.Peer peer = server.accept();
    assertThat(peer.next().attributeValue("id")).isEqualTo("1");
    assertThat(peer.next().attributeValue("id")).isEqualTo("2");
  }

  @Test
  void sendOnThisConnection_withoutConnection_isRefused() throws Exception {
    ComponentStream stream = stream(settings(freePort(), DOMAIN, "s3cret", 10), stanza -> {});
    assertThat(stream.sendOnThisConnection(presence(1))).isFalse();
  }

  @Test
  void sendOnThisConnection_connectionGoesFirst_isDroppedAndNotSentAgain() throws Exception {
    ScriptedServer server = scripted();
    ComponentStream stream =
        stream(settings(server.port(), DOMAIN, "s3cret", 100_000), stanza -> {});
    Events events = new Events();
    stream.addListener(events);
    stream.start();
    ScriptedServer.Peer first = server.accept();
    assertThat(events.next()).isEqualTo("connected");
    // Nobody reads: the sockets' buffers fill up, and the rest waits in the queue.
    int sent = 0;
    Packet big = presence(0);
    big.getElement().addElement("status").setText("x".repeat(10_000));
    for (; sent < 2_000; sent++) {
      assertThat(stream.sendOnThisConnection(big)).isTrue();
    }
    assertThat(stream.send(presence(1))).isTrue();
    first.close();
    assertThat(events.next()).startsWith("disconnected");
    ScriptedServer.Peer second = server.accept();
    assertThat(second.next().attributeValue("id")).isEqualTo("1");
    second.close();
    stream.close();
    ComponentStream.Counters counters = stream.counters();
    assertThat(counters.dropped()).isPositive();
    assertThat(counters.dropped() + counters.stanzasOut()).isEqualTo(sent + 1);
  }

  @Test
  void close_stanzasQueued_writesThemAndEndsTheStream() throws Exception {
    ScriptedServer server = scripted();
    ComponentStream stream = stream(settings(server.port(), DOMAIN, "s3cret", 1000), stanza -> {});
    for (int i = 0; i < 1000; i++) {
      stream.send(presence(i));
    }
    stream.start();
    ScriptedServer.Peer peer = server.accept();
    stream.firstConnection().toCompletableFuture().get(5, TimeUnit.SECONDS);
    Thread closing = new Thread(stream::close);
    closing.start();
    for (int i = 0; i < 1000; i++) {
      assertThat(peer.next().attributeValue("id")).isEqualTo(Integer.toString(i));
    }
    assertThat(peer.ends()).isTrue();
    peer.close();
    closing.join();
    assertThat(stream.send(presence(1))).isFalse();
  }

  @Test
  void close_peerDoesNotRead_isBounded() throws Exception {
    ScriptedServer server = scripted();
    ComponentStream stream = stream(settings(server.port(), DOMAIN, "s3cret", 5000), stanza -> {});
    stream.start();
    ScriptedServer.Peer peer = server.accept();
    stream.firstConnection().toCompletableFuture().get(5, TimeUnit.SECONDS);
    Packet big = presence(0);
    big.getElement().addElement("status").setText("x".repeat(10_000));
    for (int i = 0; i < 2_000; i++) {
      stream.send(big);
    }
    long start = System.nanoTime();
    stream.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(stream.counters().dropped()).isPositive();
    peer.close();
  }

  @Test
  void start_peerNeverAnswersHandshake_triesAgain() throws Exception {
    ScriptedServer server = scripted();
    ComponentSettings quick =
        new ComponentSettings(
            "127.0.0.1",
            server.port(),
            DOMAIN,
            "s",
            10,
            20_000,
            Duration.ofMillis(100),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            false);
    ComponentStream stream = stream(quick, stanza -> {});
    stream.start();
    ScriptedServer.Peer silent = server.acceptSilently();
    ScriptedServer.Peer peer = server.accept();
    stream.firstConnection().toCompletableFuture().get(5, TimeUnit.SECONDS);
    silent.close();
    peer.close();
  }

  @Test
  void send_beyondTheLimit_isRefusedAndCounted() throws Exception {
    ComponentStream stream = stream(settings(freePort(), DOMAIN, "s3cret", 10), stanza -> {});
    for (int i = 0; i < 10; i++) {
      assertThat(stream.send(presence(i))).isTrue();
    }
    assertThat(stream.send(presence(10))).isFalse();
    assertThat(stream.counters().dropped()).isEqualTo(1);
  }

  @Test
  void settings_toString_hasNoSecret() {
    assertThat(ComponentSettings.of("h", 5347, DOMAIN, "s3cret").toString())
        .doesNotContain("s3cret");
    assertThatThrownBy(() -> ComponentSettings.of("h", 0, DOMAIN, "s3cret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port is 0");
  }
}
