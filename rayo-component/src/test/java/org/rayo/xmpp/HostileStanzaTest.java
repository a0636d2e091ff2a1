package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/** Whatever bytes come: a stanza, an error reply, a stream error, never another exception. */
@Timeout(120)
class HostileStanzaTest {
  private static final List<String> SEEDS =
      List.of(
          "<iq type='set' id='i1' from='juliet@localhost/b' to='call@rayo.localhost'>"
              + "<record xmlns='urn:xmpp:rayo:record:1' format='mp3' max-duration='1000'>"
              + "<hint name='a'>b&amp;c</hint></record></iq>",
          "<presence from='juliet@localhost/b' to='rayo.localhost'><show>chat</show>"
              + "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v='/></presence>",
          "<message type='chat' from='ü@localhost/€' to='rayo.localhost' xml:lang='de'>"
              + "<body>&#x20AC;&lt;<![CDATA[x]]></body></message>",
          "<iq type='get' id='2' from='a@b' to='rayo.localhost/r'>"
              + "<query xmlns='http://jabber.org/protocol/disco#info' node='x#y'/></iq>",
          "<iq type='error' id='3' from='a@b' to='rayo.localhost'><p:ping xmlns:p='urn:xmpp:ping'/>"
              + "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  private static final String PIECES = "<>/='\"&;:@![]?-# \0\u0001xmlnsiqtypefrom\ufffe\ud83d";

  private final Random random = new Random(4711);

  private byte[] mutated() {
    byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(StandardCharsets.UTF_8);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) PIECES.charAt(random.nextInt(PIECES.length()));
        case 2 -> bytes = without(bytes, at, 1 + random.nextInt(20));
        default -> bytes[at] = bytes[random.nextInt(bytes.length)];
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int at, int count) {
    int end = Math.min(bytes.length - 1, at + count);
    byte[] shorter = new byte[bytes.length - Math.max(0, end - at)];
    System.arraycopy(bytes, 0, shorter, 0, at);
    System.arraycopy(bytes, end, shorter, at, bytes.length - end);
    return shorter;
  }

  @Test
  void parseAndRoute_mutations_neverThrowAnythingElse() {
    FakeSender sender = new FakeSender();
    StanzaRouter router =
        new StanzaRouter(
            "rayo.localhost",
            sender,
            (address, asker) -> Optional.empty(),
            iq -> {},
            presence -> {
              presence.getType();
              presence.getShow();
              presence.getPriority();
            });
    int proper = 0;
    int answered = 0;
    int dropped = 0;
    int refused = 0;
    byte[] open = Stanzas.OPEN.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      Stanzas.Collected found = new Stanzas.Collected();
      StanzaParser parser = new StanzaParser(10_000, found);
      byte[] bytes = mutated();
      try {
        parser.feed(open, 0, open.length);
        parser.feed(bytes, 0, bytes.length);
      } catch (StreamErrorException e) {
        refused++;
      }
      for (Element element : found.elements) {
        Admission admission = Admission.of(element, new JID("rayo.localhost"));
        if (admission instanceof Admission.Proper stanza) {
          router.stanza(stanza.stanza());
          proper++;
        } else if (admission instanceof Admission.Answered reply) {
          assertThat(StanzaWriter.bytes(reply.reply())).isNotEmpty();
          answered++;
        } else {
          dropped++;
        }
      }
    }
    router.queries().close();
    assertThat(sender.sent)
        .noneMatch(
            stanza ->
                stanza.getError() != null
                    && stanza.getError().getCondition().toXMPP().equals("internal-server-error"));
    assertThat(List.of(proper, answered, dropped, refused)).allMatch(count -> count > 100);
  }

  @Test
  void stream_thousandsOfMutations_stillDeliversAfterwards() throws Exception {
    BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    try (ScriptedServer server = new ScriptedServer();
        ComponentStream stream =
            new ComponentStream(
                new ComponentSettings(
                    "127.0.0.1",
                    server.port(),
                    "rayo.localhost",
                    "s",
                    100_000,
                    10_000,
                    Duration.ofSeconds(5),
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    false),
                stanza -> delivered.add(stanza instanceof IQ ? "iq" : "" + stanza.getID()))) {
      stream.start();
      ScriptedServer.Peer peer = server.accept();
      for (int i = 0; i < 3_000; i++) {
        byte[] bytes = mutated();
        // Only what is one whole element, so that the stream itself goes on.
        Stanzas.Collected found = new Stanzas.Collected();
        try {
          StanzaParser check = new StanzaParser(10_000, found);
          byte[] open = Stanzas.OPEN.getBytes(StandardCharsets.UTF_8);
          check.feed(open, 0, open.length);
          check.feed(bytes, 0, bytes.length);
        } catch (StreamErrorException e) {
          peer.write(bytes);
          peer.close();
          peer = server.accept();
          continue;
        }
        if (found.elements.size() == 1 && found.closed == 0) {
          peer.write(bytes);
        }
      }
      peer.close();
      peer = server.accept();
      peer.write("<message id='after' from='a@b' to='rayo.localhost'/>");
      String last = "";
      while (!"after".equals(last)) {
        last = delivered.poll(10, TimeUnit.SECONDS);
        assertThat(last).isNotNull();
      }
      assertThat(stream.counters().reconnects()).isGreaterThan(100);
    }
  }
}
