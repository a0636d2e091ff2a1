package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.dom4j.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.rayo.protocol.CommandRefusedException;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.RayoCommand;
import org.rayo.protocol.RayoReader;
import org.rayo.protocol.StanzaErrors;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/**
 * Mutated stanzas on their whole way in: the stream's parser, the judgement at the edge, the
 * router, the commands' reader. Each ends as a command, as an answer, as something a component may
 * ignore, or as a closed stream; never as an exception, and nothing of it stays in memory.
 *
 * <p>{@code -Drayo.mutations=1000000} for the long run.
 */
class StanzaMutationTest {

  private static final int MUTATIONS = Integer.getInteger("rayo.mutations", 20_000);
  private static final long SEED = 327;
  private static final int MAX_STANZA = 10_000;
  private static final JID SELF = new JID("rayo.localhost");
  private static final byte[] OPEN = Stanzas.OPEN.getBytes(StandardCharsets.UTF_8);
  private static final byte[] CLOSE = "</stream:stream>".getBytes(StandardCharsets.UTF_8);
  private static final byte[] FILLER = new byte[MAX_STANZA + StanzaParser.SLICE];

  static {
    Arrays.fill(FILLER, (byte) 'x');
  }

  private final Map<String, Integer> ends = new TreeMap<>();
  private final CountingSender sender = new CountingSender();
  private final StanzaRouter router =
      new StanzaRouter(
          "rayo.localhost",
          sender,
          (address, asker) -> Optional.empty(),
          this::command,
          this::presence);
  private int commands;
  private int presences;

  /** Writes what is sent, and keeps nothing. */
  private static final class CountingSender implements StanzaSender {
    int sent;
    int internalErrors;

    @Override
    public boolean send(Packet stanza) {
      sent++;
      List<Element> children = stanza.getElement().elements();
      if (stanza instanceof IQ iq && iq.getType() == IQ.Type.error) {
        Element error = children.get(children.size() - 1);
        internalErrors += error.element("internal-server-error") == null ? 0 : 1;
      }
      assertThat(StanzaWriter.bytes(stanza.getElement())).isNotEmpty();
      return true;
    }

    @Override
    public boolean sendOnThisConnection(Packet stanza) {
      return send(stanza);
    }
  }

  /** The router catches what its handlers throw, and says so in the log. */
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    ((Logger) LoggerFactory.getLogger(StanzaRouter.class)).addAppender(log);
  }

  @AfterEach
  void stopListening() {
    ((Logger) LoggerFactory.getLogger(StanzaRouter.class)).detachAppender(log);
  }

  private void command(IQ iq) {
    for (Dialect dialect : Dialect.values()) {
      try {
        RayoCommand command = RayoReader.read(iq.getChildElement(), dialect);
        if (command instanceof RecordCommand record) {
          dialect.request(record);
        }
        commands++;
      } catch (CommandRefusedException refused) {
        assertThat(refused.error().text()).isNotBlank().hasSizeLessThan(2000);
        sender.send(StanzaErrors.reply(iq, refused.error()));
      }
    }
  }

  private void presence(Presence presence) {
    presence.getShow();
    presences++;
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void anyStanza_endsAsCommandAnswerOrClosedStream_andLeavesNothing() {
    StanzaMutations mutations = new StanzaMutations(SEED);
    long slowest = 0;
    long warm = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutations.next();
      long start = System.nanoTime();
      try {
        ends.merge(end(bytes), 1, Integer::sum);
      } catch (RuntimeException | Error e) {
        String input = new String(bytes, StandardCharsets.UTF_8);
        throw new AssertionError("mutation " + i + " of seed " + SEED + ": " + input, e);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
      if (i == MUTATIONS / 10) {
        warm = heapUsed();
      }
    }
    router.queries().close();
    long grown = heapUsed() - warm;
    System.out.printf(
        "figure: mutated stanzas: %,d, %s; commands read %d, sent %d; slowest %.1f ms; heap grown by"
            + " %.1f MiB%n",
        MUTATIONS, ends, commands, sender.sent, slowest / 1e6, grown / 1048576.0);
    assertThat(sender.internalErrors).isZero();
    assertThat(log.list).isEmpty();
    assertThat(ends.keySet()).contains("answered", "closed", "dropped", "proper");
    assertThat(commands).isGreaterThan(MUTATIONS / 50);
    assertThat(presences).isGreaterThan(MUTATIONS / 100);
    assertThat(grown).isLessThan(16L << 20);
  }

  /** Feeds it as the network might, and says what became of it. */
  private String end(byte[] bytes) {
    Stanzas.Collected found = new Stanzas.Collected();
    StanzaParser parser = new StanzaParser(MAX_STANZA, found);
    boolean wellFormed = feed(parser, OPEN) && feed(parser, bytes);
    for (Element element : found.elements) {
      String end = admit(element);
      if (found.elements.size() == 1) {
        return end;
      }
    }
    if (!found.elements.isEmpty()) {
      return "two";
    }
    if (!wellFormed || !feed(parser, CLOSE) || found.closed > 0) {
      return "closed";
    }
    // It waits for more, within a comment that cannot be, or a value: not for ever.
    int more = 0;
    while (more <= StanzaParser.CUT_FACTOR && feed(parser, FILLER)) {
      more++;
    }
    assertThat(more).isLessThanOrEqualTo(StanzaParser.CUT_FACTOR);
    return "too long";
  }

  private static boolean feed(StanzaParser parser, byte[] bytes) {
    try {
      int half = bytes.length / 2;
      parser.feed(bytes, 0, half);
      parser.feed(bytes, half, bytes.length - half);
      return true;
    } catch (StreamErrorException e) {
      return false;
    }
  }

  private String admit(Element element) {
    Admission admission = Admission.of(element, SELF);
    if (admission instanceof Admission.Proper proper) {
      router.stanza(proper.stanza());
      return "proper";
    }
    if (admission instanceof Admission.Answered answered) {
      assertThat(StanzaWriter.bytes(answered.reply())).isNotEmpty();
      return "answered";
    }
    return "dropped";
  }

  private static long heapUsed() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
