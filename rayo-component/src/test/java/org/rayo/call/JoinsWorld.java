package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.dom4j.DocumentException;
import org.dom4j.DocumentHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.rayo.protocol.Dialect;
import org.rayo.storage.NameTemplate;
import org.rayo.xmpp.Disco;
import org.rayo.xmpp.EntityKind;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/**
 * Calls that are joined and their clients: real actors, commanded through the dispatcher; the media
 * has no audio.
 */
abstract class JoinsWorld {

  static final String DOMAIN = CallWorld.DOMAIN;
  static final JID JULIET = CallWorld.JULIET;
  static final JID CHAMBER = new JID("juliet@example.org/chamber");
  static final JID ROMEO = CallWorld.ROMEO;

  final ActorTestKit kit = ActorTestKit.create();
  final ExecutorService executor = Executors.newFixedThreadPool(4);
  final JoinedMedia media = new JoinedMedia(executor);
  final FakeStream stream = new FakeStream();
  final FakeRecordings recordings = new FakeRecordings();
  final CallDirectory directory = new CallDirectory(SecurityZone.Extent.BARE_JID);
  final Clients clients =
      new Clients(
          new JID(DOMAIN),
          stream,
          new FakePings(),
          new DialectPolicy(Dialect.XEP_0327, List.of()),
          new FakeClock(),
          100_000);
  final ActorRef<CallSupervisor.Message> supervisor =
      kit.spawn(
          CallSupervisor.create(
              new CallEnvironment(
                  DOMAIN,
                  Disco.standard().caps(EntityKind.CALL).element(),
                  Disco.standard().caps(EntityKind.MIXER).element(),
                  stream,
                  clients,
                  directory,
                  recordings,
                  new FakeCallNotes(),
                  CallWorld.storage(Map.of("default", NameTemplate.DEFAULT)),
                  CallWorld.LONGEST_RECORDING,
                  8,
                  ClientQuota.ofRecordings(0),
                  CallWorld.control(OfferPolicy.toAll()),
                  Clock.systemUTC()),
              media));
  final CommandDispatcher dispatcher =
      new CommandDispatcher(directory, clients, stream, supervisor::tell);
  final MixerPresences presences = new MixerPresences(directory, stream, clients);
  final AtomicInteger ids = new AtomicInteger();

  /** A call that a client controls. */
  record Controlled(JoinedMedia.Call media, JID address, JID client) {
    String uri() {
      return "xmpp:" + address;
    }
  }

  @BeforeEach
  void connect() {
    clients.connected();
    for (JID client : List.of(JULIET, CHAMBER, ROMEO)) {
      clients.presence(CallWorld.availablePresence(client));
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
    executor.shutdownNow();
  }

  static <T> T await(Supplier<T> check) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try {
        return check.get();
      } catch (AssertionError | IndexOutOfBoundsException notYet) {
        if (System.nanoTime() - deadline > 0) {
          throw notYet;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    }
  }

  String send(JID from, JID to, String xml) {
    String id = "iq" + ids.incrementAndGet();
    IQ iq = new IQ(IQ.Type.set, id);
    iq.setFrom(from);
    iq.setTo(to);
    try {
      iq.setChildElement(DocumentHelper.parseText(xml).getRootElement());
    } catch (DocumentException e) {
      throw new AssertionError(e);
    }
    dispatcher.command(iq);
    return id;
  }

  IQ answer(String id) {
    return await(
        () ->
            stream.sent().stream()
                .filter(IQ.class::isInstance)
                .map(IQ.class::cast)
                .filter(iq -> iq.getID().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no answer to " + id)));
  }

  /** "result", "ref" or the error. */
  String command(JID from, JID to, String xml) {
    return CallWorld.outcome(Optional.of(answer(send(from, to, xml))));
  }

  Controlled call(JID client) {
    JoinedMedia.Call call = media.call();
    int before = stream.sent().size();
    supervisor.tell(new CallSupervisor.Incoming(call));
    JID address =
        await(
            () ->
                stream.sent().stream()
                    .skip(before)
                    .filter(p -> p.getElement().element("offer") != null)
                    .map(Packet::getFrom)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no offer")));
    assertThat(command(client, address, CallWorld.ANSWER)).isEqualTo("result");
    return new Controlled(call, address, client);
  }

  static String join(Controlled other, String more) {
    return "<join xmlns='urn:xmpp:rayo:1' call-uri='" + other.uri() + "' " + more + "/>";
  }

  static String join(Controlled other) {
    return join(other, "");
  }

  static String mixer(String name) {
    return "<join xmlns='urn:xmpp:rayo:1' mixer-name='" + name + "'/>";
  }

  static String unjoin(String more) {
    return "<unjoin xmlns='urn:xmpp:rayo:1' " + more + "/>";
  }

  /** What an entity has told a client so far, offers left out, in short. */
  List<String> told(JID from, JID to) {
    return stream.sent().stream()
        .filter(Presence.class::isInstance)
        .map(Presence.class::cast)
        .filter(p -> p.getFrom().asBareJID().equals(from.asBareJID()) && p.getTo().equals(to))
        .filter(p -> p.getElement().element("offer") == null)
        .map(JoinsWorld::brief)
        .toList();
  }

  static String brief(Presence presence) {
    for (String name :
        List.of("joined", "unjoined", "started-speaking", "stopped-speaking", "complete", "end")) {
      if (presence.getElement().element(name) != null) {
        return name;
      }
    }
    return presence.getType() == null ? "available" : presence.getType().name();
  }

  void awaitTold(JID from, JID to, String... events) {
    await(
        () -> {
          assertThat(told(from, to)).containsExactly(events);
          return true;
        });
  }

  static JID address(String mixer) {
    return new JID(mixer, DOMAIN, null);
  }
}
