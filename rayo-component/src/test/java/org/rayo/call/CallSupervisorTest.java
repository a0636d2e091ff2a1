package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.dom4j.DocumentHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.DialRequest;
import org.rayo.media.Header;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.protocol.Dialect;
import org.rayo.storage.NameTemplate;
import org.rayo.xmpp.Disco;
import org.rayo.xmpp.EntityKind;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/** Calls as real actors, commanded through the dispatcher. */
class CallSupervisorTest {

  private static final String DOMAIN = CallWorld.DOMAIN;
  private static final Duration GRACE = CallWorld.GRACE;

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final FakeStream stream = new FakeStream();
  private final CallDirectory directory = new CallDirectory(SecurityZone.Extent.BARE_JID);
  private final Clients clients =
      new Clients(
          new JID(DOMAIN),
          stream,
          new FakePings(),
          new DialectPolicy(Dialect.WIKI, List.of()),
          new FakeClock(),
          1000);
  private final FakeBackend backend = new FakeBackend();
  private final ActorRef<CallSupervisor.Message> supervisor =
      kit.spawn(
          CallSupervisor.create(
              new CallEnvironment(
                  DOMAIN,
                  Disco.standard().caps(EntityKind.CALL).element(),
                  Disco.standard().caps(EntityKind.MIXER).element(),
                  stream,
                  clients,
                  directory,
                  new FakeRecordings(),
                  new FakeCallNotes(),
                  CallWorld.storage(Map.of("default", NameTemplate.DEFAULT)),
                  CallWorld.LONGEST_RECORDING,
                  8,
                  ClientQuota.ofRecordings(0),
                  CallWorld.control(OfferPolicy.toAll()),
                  Clock.systemUTC()),
              backend));

  private final CommandDispatcher dispatcher =
      new CommandDispatcher(directory, clients, stream, supervisor::tell);

  @BeforeEach
  void connect() {
    clients.connected();
    clients.presence(CallWorld.availablePresence(CallWorld.JULIET));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private <T extends Packet> T sent(Class<T> type, int number) {
    TestProbe<String> probe = kit.createTestProbe();
    return probe.awaitAssert(
        () -> {
          List<T> found = stream.sent().stream().filter(type::isInstance).map(type::cast).toList();
          assertThat(found).hasSizeGreaterThan(number);
          return found.get(number);
        });
  }

  private JID ring(FakeMediaCall media, int number) {
    supervisor.tell(new CallSupervisor.Incoming(media));
    return sent(Presence.class, number).getFrom();
  }

  private void command(JID to, String xml, String id) throws Exception {
    IQ iq = new IQ(IQ.Type.set, id);
    iq.setFrom(CallWorld.JULIET);
    iq.setTo(to);
    iq.setChildElement(DocumentHelper.parseText(xml).getRootElement());
    dispatcher.command(iq);
  }

  @Test
  void call_fromOfferToEnd_leavesNoActorAndNoEntry() throws Exception {
    FakeMediaCall media = new FakeMediaCall();
    JID call = ring(media, 0);
    assertThat(directory.find(call, CallWorld.JULIET)).contains(EntityKind.CALL);
    command(call, CallWorld.ANSWER, "1");
    kit.createTestProbe().awaitAssert(media::next).done().complete(null);
    assertThat(sent(IQ.class, 0).getType()).isEqualTo(IQ.Type.result);
    media.end(EndReason.HUNGUP);
    assertThat(CallWorld.brief(sent(Presence.class, 1))).isEqualTo("end to juliet");
    assertThat(directory.find(call, CallWorld.JULIET)).isEmpty();
    command(call, CallWorld.HANGUP, "2");
    assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, 1))))
        .isEqualTo("item-not-found/cancel");
    directory.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @Test
  void commands_racingTheEnd_areAllAnswered() throws Exception {
    int answers = 0;
    for (int round = 0; round < 25; round++) {
      FakeMediaCall media = new FakeMediaCall();
      JID call = ring(media, 2 * round);
      command(call, CallWorld.HANGUP, "a" + round);
      Thread ending = new Thread(() -> media.end(EndReason.HUNGUP));
      ending.start();
      for (int i = 0; i < 50; i++) {
        command(call, CallWorld.HANGUP, round + "-" + i);
      }
      ending.join();
      answers += 51;
      sent(Presence.class, 2 * round + 1);
      sent(IQ.class, answers - 1);
    }
    List<String> ids = new ArrayList<>();
    stream.sent().stream().filter(IQ.class::isInstance).forEach(iq -> ids.add(iq.getID()));
    assertThat(ids).hasSize(answers).doesNotHaveDuplicates();
    assertThat(directory.size()).isZero();
    directory.close().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @Test
  void controllerAway_graceOver_hangsUp() throws Exception {
    FakeMediaCall media = new FakeMediaCall();
    JID call = ring(media, 0);
    command(call, CallWorld.ANSWER, "1");
    kit.createTestProbe().awaitAssert(media::next).done().complete(null);
    sent(IQ.class, 0);
    clients.presence(CallWorld.unavailablePresence(CallWorld.JULIET));
    // A stranger is answered, so the call has handled what came before.
    IQ stranger = new IQ(IQ.Type.set, "2");
    stranger.setFrom(CallWorld.TYBALT);
    stranger.setTo(call);
    stranger.setChildElement("answer", "urn:xmpp:rayo:1");
    dispatcher.command(stranger);
    sent(IQ.class, 1);
    time.timePasses(GRACE.plusSeconds(1));
    kit.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(media.askedFor()).containsExactly("answer", "hangup");
              return true;
            });
  }

  @Test
  void close_callsAreUp_waitsForTheLastAndHangsUpLatecomers() throws Exception {
    FakeMediaCall media = new FakeMediaCall();
    ring(media, 0);
    var closed = directory.close().toCompletableFuture();
    FakeMediaCall late = new FakeMediaCall();
    supervisor.tell(new CallSupervisor.Incoming(late));
    kit.createTestProbe().awaitAssert(late::next);
    kit.createTestProbe().awaitAssert(media::next);
    media.end(EndReason.HANGUP_COMMAND);
    sent(Presence.class, 1);
    assertThat(closed).isNotDone();
    late.end(EndReason.HANGUP_COMMAND);
    closed.get(5, TimeUnit.SECONDS);
    assertThat(directory.size()).isZero();
  }

  private static final String DIAL =
      "<dial xmlns='urn:xmpp:rayo:1' to='tel:+14085550100' uri='xmpp:mine@rayo.example.org'>"
          + "<header name='X-A' value='1'/></dial>";

  /** Places calls when the test says so. */
  private static final class FakeBackend implements MediaBackend {
    final List<DialRequest> requests = new CopyOnWriteArrayList<>();
    final List<CompletableFuture<MediaCall>> placed = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<MediaCall> dial(DialRequest request) {
      CompletableFuture<MediaCall> call = new CompletableFuture<>();
      placed.add(call);
      requests.add(request);
      return call;
    }

    @Override
    public void start(IncomingCallListener listener) {}

    @Override
    public void drain() {}

    @Override
    public void close() {}
  }

  private CompletableFuture<MediaCall> dialled(int number) {
    return kit.createTestProbe().awaitAssert(() -> backend.placed.get(number));
  }

  @Test
  void dial_placed_refComesBeforeEveryEvent() throws Exception {
    command(new JID(DOMAIN), DIAL, "1");
    CompletableFuture<MediaCall> placing = dialled(0);
    assertThat(backend.requests.get(0).headers()).containsExactly(new Header("X-A", "1"));
    assertThat(stream.sent()).isEmpty();
    FakeMediaCall media = new FakeMediaCall();
    placing.complete(media);
    IQ ref = sent(IQ.class, 0);
    assertThat(ref.getFrom()).isEqualTo(new JID(DOMAIN));
    assertThat(ref.getChildElement().attributeValue("uri")).isEqualTo("xmpp:mine@rayo.example.org");
    assertThat(ref.getChildElement().attributeValue("id")).isEqualTo("mine");
    kit.createTestProbe()
        .awaitAssert(
            () -> {
              media.tell(new MediaEvent.Ringing(List.of()));
              return true;
            });
    assertThat(sent(Presence.class, 0).getElement().element("ringing")).isNotNull();
    media.tell(new MediaEvent.Answered(List.of()));
    assertThat(sent(Presence.class, 1).getElement().element("answered")).isNotNull();
    media.end(EndReason.HUNGUP);
    assertThat(CallWorld.brief(sent(Presence.class, 2))).isEqualTo("end to juliet");
    assertThat(clients.calls().taken()).isZero();
  }

  @Test
  void dial_uriInUse_isAConflictToBeModified() throws Exception {
    command(new JID(DOMAIN), DIAL, "1");
    CompletableFuture<MediaCall> first = dialled(0);
    // While it is being placed, and when it is up.
    command(new JID(DOMAIN), DIAL, "2");
    assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, 0)))).isEqualTo("conflict/modify");
    first.complete(new FakeMediaCall());
    sent(IQ.class, 1);
    command(new JID(DOMAIN), DIAL, "3");
    assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, 2)))).isEqualTo("conflict/modify");
    assertThat(clients.calls().taken()).isOne();
  }

  @Test
  void dial_notPlaced_leavesNothing() throws Exception {
    Map<MediaException.Fault, String> errors =
        Map.of(
            MediaException.Fault.REFUSED, "bad-request/modify",
            MediaException.Fault.NO_RESOURCES, "resource-constraint/wait",
            MediaException.Fault.UNSUPPORTED, "feature-not-implemented/cancel");
    int number = 0;
    for (Map.Entry<MediaException.Fault, String> error : errors.entrySet()) {
      command(new JID(DOMAIN), DIAL, "d" + number);
      dialled(number).completeExceptionally(new MediaException(error.getKey(), "no"));
      assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, number))))
          .isEqualTo(error.getValue());
      number++;
    }
    assertThat(clients.calls().taken()).isZero();
    command(new JID(DOMAIN), DIAL, "again");
    dialled(number).complete(new FakeMediaCall());
    assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, number)))).isEqualTo("ref");
  }

  @Test
  void dial_toACall_isForTheServer() throws Exception {
    JID call = ring(new FakeMediaCall(), 0);
    command(call, DIAL, "1");
    assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, 0))))
        .isEqualTo("feature-not-implemented/cancel");
    assertThat(backend.placed).isEmpty();
  }

  @Test
  void close_noCall_isDoneAtOnce() {
    assertThat(directory.close().toCompletableFuture()).isDone();
  }

  @Test
  void command_toTheServerOrANodeThatNeverWas_isRefused() throws Exception {
    command(new JID(DOMAIN), CallWorld.ANSWER, "1");
    command(new JID("never", DOMAIN, null), CallWorld.ANSWER, "2");
    command(new JID("never", DOMAIN, "x"), CallWorld.STOP, "3");
    assertThat(stream.sent())
        .extracting(iq -> CallWorld.outcome(Optional.of((IQ) iq)))
        .containsExactly(
            "feature-not-implemented/cancel", "item-not-found/cancel", "item-not-found/cancel");
  }

  @Test
  void command_toAResourceThatIsNoComponent_countsAsSentToTheCall() throws Exception {
    FakeMediaCall media = new FakeMediaCall();
    JID call = ring(media, 0);
    JID asOnTheWikiPage = new JID(call.getNode(), call.getDomain(), "1");
    command(asOnTheWikiPage, CallWorld.ANSWER, "1");
    kit.createTestProbe().awaitAssert(media::next).done().complete(null);
    assertThat(sent(IQ.class, 0).getFrom()).isEqualTo(asOnTheWikiPage);
    command(asOnTheWikiPage, CallWorld.RECORD, "2");
    kit.createTestProbe().awaitAssert(() -> media.captures.get(0)).begin();
    IQ started = sent(IQ.class, 1);
    assertThat(CallWorld.outcome(Optional.of(started))).isEqualTo("ref");
    assertThat(started.getFrom()).isEqualTo(asOnTheWikiPage);
    JID component = new JID(call.getNode(), call.getDomain(), CallWorld.component(started));
    // What is for a component is not for the call, and what is for a call is for no component.
    command(asOnTheWikiPage, CallWorld.STOP, "3");
    assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, 2))))
        .isEqualTo("item-not-found/cancel");
    command(component, CallWorld.RECORD, "4");
    assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, 3))))
        .isEqualTo("feature-not-implemented/cancel");
    command(component, CallWorld.STOP, "5");
    assertThat(CallWorld.outcome(Optional.of(sent(IQ.class, 4)))).isEqualTo("result");
    assertThat(media.captures).hasSize(1);
  }
}
