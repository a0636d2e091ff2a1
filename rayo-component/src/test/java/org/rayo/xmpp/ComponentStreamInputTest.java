package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xmpp.packet.Packet;

/** What comes from the server, and what does not. */
@Timeout(30)
class ComponentStreamInputTest extends StreamFixture {

  @Test
  void read_halfOpenConnection_isFoundOutByPing() throws Exception {
    ScriptedServer server = scripted();
    ComponentSettings pinging =
        new ComponentSettings(
            "127.0.0.1",
            server.port(),
            DOMAIN,
            "s",
            10,
            20_000,
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            false,
            Duration.ofMillis(200));
    List<Packet> delivered = new CopyOnWriteArrayList<>();
    ComponentStream stream = stream(pinging, delivered::add);
    Events events = new Events();
    stream.addListener(events);
    stream.start();
    ScriptedServer.Peer peer = server.accept();
    assertThat(events.next()).isEqualTo("connected");
    Element ping = peer.next();
    assertThat(ping.elements().get(0).getNamespaceURI()).isEqualTo("urn:xmpp:ping");
    assertThat(ping.attributeValue("to")).isEqualTo(DOMAIN);
    // The server sends it back where it came from; then it falls silent.
    peer.write(StanzaWriter.xml(ping));
    assertThat(peer.next().attributeValue("id")).isEqualTo(ping.attributeValue("id"));
    assertThat(events.next()).startsWith("disconnected: no sign of life");
    assertThat(delivered).isEmpty();
    server.accept();
    assertThat(events.next()).isEqualTo("connected");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "<message><!-- --></message>, restricted-xml",
        "<message></iq><a/>, not-well-formed",
        "BIG, policy-violation",
        "text <a/>, bad-format"
      })
  void read_whatMayNotBeOnAStream_streamErrorThenReconnect(String xml, String condition)
      throws Exception {
    ScriptedServer server = scripted();
    ComponentStream stream = stream(settings(server.port(), DOMAIN, "s3cret", 10), stanza -> {});
    stream.start();
    ScriptedServer.Peer peer = server.accept();
    peer.write(xml.equals("BIG") ? "<message id='" + "x".repeat(30_000) : xml);
    Element error = peer.next();
    assertThat(error.getQualifiedName()).isEqualTo("error");
    assertThat(error.elements().get(0).getName()).isEqualTo(condition);
    assertThat(peer.ends()).isTrue();
    peer.close();
    server.accept();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "<iq type='get' from='a@b/c' to='rayo.localhost'/>, bad-request",
        "<iq id='1' from='a@b/c' to='rayo.localhost'/>, bad-request",
        "<iq id='1' type='odd' from='a@b/c' to='rayo.localhost'/>, bad-request",
        "<iq id='1' type='get' from='a@b/c' to='@rayo.localhost'/>, jid-malformed",
        "<iq id='1' type='get' from='a@b/c' to='x@'/>, jid-malformed",
        "<iq id='1' type='get' from='a@b/c'/>, bad-request",
        "<presence type='odd' from='a@b/c' to='rayo.localhost'/>, bad-request",
        "<presence from='a@b/c' to='rayo.localhost'><show>odd</show></presence>, bad-request",
      })
  void read_noProperStanza_isAnsweredAndTheStreamLives(String xml, String condition)
      throws Exception {
    ScriptedServer server = scripted();
    List<Packet> delivered = new CopyOnWriteArrayList<>();
    ComponentStream stream = stream(settings(server.port(), DOMAIN, "s3cret", 10), delivered::add);
    stream.start();
    ScriptedServer.Peer peer = server.accept();
    peer.write(xml);
    Element reply = peer.next();
    assertThat(reply.attributeValue("type")).isEqualTo("error");
    assertThat(reply.attributeValue("to")).isEqualTo("a@b/c");
    assertThat(reply.attributeValue("from")).isEqualTo(DOMAIN);
    assertThat(reply.element("error").elements().get(0).getName()).isEqualTo(condition);
    assertThat(stream.isConnected()).isTrue();
    assertThat(delivered).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<odd from='a@b/c' to='rayo.localhost'/>",
        "<iq xmlns='jabber:other' id='1' type='get' from='a@b/c' to='rayo.localhost'/>",
        "<iq id='1' type='get' from='@' to='rayo.localhost'/>",
        "<iq id='1' type='get' to='rayo.localhost'/>",
        "<iq type='error' from='a@b/c' to='rayo.localhost'/>",
        "<iq type='result' from='a@b/c' to='rayo.localhost'/>"
      })
  void read_nobodyToAnswer_isCountedAndTheStreamLives(String xml) throws Exception {
    ScriptedServer server = scripted();
    BlockingQueue<Packet> delivered = new LinkedBlockingQueue<>();
    ComponentStream stream = stream(settings(server.port(), DOMAIN, "s3cret", 10), delivered::add);
    stream.start();
    ScriptedServer.Peer peer = server.accept();
    peer.write(xml + "<message from='a@b/c' to='rayo.localhost' id='after'/>");
    assertThat(delivered.poll(5, TimeUnit.SECONDS).getID()).isEqualTo("after");
    assertThat(stream.counters()).isEqualTo(new ComponentStream.Counters(2, 0, 0, 1));
  }

  @Test
  void stanza_handlerThrows_streamLives() throws Exception {
    ScriptedServer server = scripted();
    BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    StanzaHandler failing =
        stanza -> {
          delivered.add(stanza.getID());
          throw new IllegalStateException("on purpose");
        };
    ComponentStream stream = stream(settings(server.port(), DOMAIN, "s3cret", 10), failing);
    stream.start();
    ScriptedServer.Peer peer = server.accept();
    peer.write("<message from='a@b' to='c@d' id='1'/><message from='a@b' to='c@d' id='2'/>");
    assertThat(delivered.poll(5, TimeUnit.SECONDS)).isEqualTo("1");
    assertThat(delivered.poll(5, TimeUnit.SECONDS)).isEqualTo("2");
    peer.close();
  }
}
