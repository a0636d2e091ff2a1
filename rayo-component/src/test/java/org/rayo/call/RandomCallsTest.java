package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.dom4j.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings.Finished;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.Presence;

/**
 * Calls in which everything happens in any order: commands, media events, journal and store,
 * clients that come and go, connections that break. Whatever the order, every command has one
 * answer, every ref one complete, and the end is last.
 */
class RandomCallsTest {

  /** {@code -Drayo.random-calls=100000} for a long run. */
  private static final int RUNS = Integer.getInteger("rayo.random-calls", 2000);

  private static final List<JID> CLIENTS =
      List.of(CallWorld.JULIET, CallWorld.ROMEO, CallWorld.TYBALT);
  private static final List<String> CALL_COMMANDS =
      List.of(
          CallWorld.ACCEPT,
          CallWorld.ANSWER,
          CallWorld.ANSWER,
          CallWorld.REJECT,
          CallWorld.REDIRECT,
          CallWorld.HANGUP);

  private static final List<String> COMPONENT_COMMANDS =
      List.of(
          CallWorld.STOP,
          CallWorld.PAUSE,
          CallWorld.PAUSE,
          CallWorld.RESUME,
          CallWorld.RESUME,
          "<stop xmlns='urn:xmpp:rayo:ext:1'><now/></stop>",
          "<pause xmlns='urn:xmpp:rayo:record:1' at='5'/>");

  /** The answers that clients got, for the figures. */
  private final Map<String, Integer> seen = new TreeMap<>();

  /** Thousands of calls say too much. */
  @BeforeAll
  static void quiet() {
    log().setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    log().setLevel(null);
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(Call.class.getPackageName());
  }

  @Test
  void anyOrder_oneAnswerPerCommandOneCompletePerRefAndTheEndLast() {
    for (int seed = 0; seed < RUNS; seed++) {
      try {
        new Run(seed).play();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    System.out.println("figure: " + RUNS + " random calls: " + seen);
    assertThat(seen)
        .containsKeys("ref", "result", "conflict/cancel", "complete", "end")
        .containsKeys("bad-request/modify", "resource-constraint/wait", "complete, discarded");
  }

  private final class Run {
    private final Random random;
    private final RandomRecords records;
    private final CallWorld world;
    private final Map<String, CapturedRecording> captured = new HashMap<>();
    private final Set<String> lost = new HashSet<>();
    private boolean mediaEnded;

    Run(int seed) {
      random = new Random(seed);
      records = new RandomRecords(random);
      world = random.nextInt(4) == 0 ? new CallWorld(2) : new CallWorld();
    }

    void play() {
      for (JID client : CLIENTS) {
        if (random.nextInt(4) > 0) {
          world.available(client);
        }
      }
      world.recordings.quickJournal = random.nextBoolean();
      world.recordings.quickDelivery = random.nextBoolean();
      world.mailbox.add(new CallActor.Announce());
      world.deliver();
      if (random.nextInt(3) > 0) {
        beAnswered();
      }
      int steps = 20 + random.nextInt(60);
      for (int i = 0; i < steps && !world.call.isClosed(); i++) {
        step();
      }
      bringToItsEnd();
      check();
    }

    /** Most calls are answered first, for else few would ever be recorded. */
    private void beAnswered() {
      world.sends(CLIENTS.get(0), CallWorld.ANSWER);
      world.deliver();
      world.media.asked.forEach(asked -> asked.done().complete(null));
      world.deliver();
    }

    private void step() {
      switch (random.nextInt(13)) {
        case 0, 1 -> command();
        case 2 -> componentCommand();
        case 3, 4, 5 -> settleAsked();
        case 6 -> journal();
        case 7 -> capture();
        case 8 -> endCapture();
        case 9 -> deliverFile();
        case 10 -> client();
        case 11 -> rare();
        default -> world.deliverOne();
      }
      if (random.nextInt(3) > 0) {
        world.deliver();
      }
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private JID someClient() {
      return random.nextInt(3) > 0 ? CLIENTS.get(0) : any(CLIENTS);
    }

    /** Whether the call is still in the directory, and so can be sent commands. */
    private boolean isKnown() {
      return !world.call.isClosed()
          && world.mailbox.stream().noneMatch(CallActor.NothingFollows.class::isInstance);
    }

    private void command() {
      if (!isKnown()) {
        return;
      }
      boolean record = random.nextInt(3) > 0;
      world.sends(someClient(), record ? records.next() : any(CALL_COMMANDS));
    }

    private void componentCommand() {
      if (!isKnown()) {
        return;
      }
      List<String> known = new ArrayList<>(List.of("never"));
      world.recordings.beginnings.forEach(b -> known.add(b.manifest().origin().componentId()));
      world.sends(someClient(), any(known), any(COMPONENT_COMMANDS));
    }

    private void settleAsked() {
      world.media.asked.stream()
          .filter(asked -> !asked.done().isDone())
          .findFirst()
          .ifPresent(asked -> settle(asked.done()));
    }

    private void settle(CompletableFuture<Void> done) {
      if (random.nextInt(5) == 0) {
        done.completeExceptionally(failure());
      } else {
        done.complete(null);
      }
    }

    private MediaException failure() {
      return new MediaException(any(List.of(MediaException.Fault.values())), "chance");
    }

    private void journal() {
      world.recordings.beginnings.stream()
          .filter(beginning -> !beginning.journalled().isDone())
          .findFirst()
          .ifPresent(
              beginning -> {
                if (random.nextInt(5) == 0) {
                  beginning.journalled().completeExceptionally(new TimeoutException());
                } else {
                  beginning.journalled().complete(null);
                }
              });
    }

    private void capture() {
      world.media.captures.stream()
          .filter(capture -> !capture.started.isDone())
          .findFirst()
          .ifPresent(
              capture -> {
                if (captured.containsKey(capture.target.recordingId()) || random.nextInt(6) > 0) {
                  capture.begin();
                } else {
                  capture.fail(any(List.of(MediaException.Fault.values())));
                }
              });
    }

    /** A recording ends: also before call control knows that it began. */
    private void endCapture() {
      world.media.captures.stream()
          .filter(capture -> !capture.started.isCompletedExceptionally())
          .filter(capture -> !captured.containsKey(capture.target.recordingId()))
          .findFirst()
          .ifPresent(
              capture -> {
                CapturedRecording recording =
                    FakeMediaCall.captured(
                        capture.target.recordingId(),
                        capture.target.file(),
                        any(List.of(Cause.values())),
                        random.nextInt(40_000),
                        random.nextInt(100_000));
                captured.put(recording.recordingId(), recording);
                world.media.ended(recording);
              });
    }

    private void deliverFile() {
      world.recordings.finishings.stream()
          .filter(finishing -> !finishing.done().isDone())
          .findFirst()
          .ifPresent(
              finishing -> {
                int chance = random.nextInt(6);
                if (chance < 2) {
                  lost.add(finishing.manifest().recordingId());
                }
                switch (chance) {
                  case 0 ->
                      finishing
                          .done()
                          .complete(
                              Finished.lost(
                                  finishing.manifest(), finishing.captured(), FakeRecordings.AT));
                  case 1 ->
                      finishing.done().completeExceptionally(new IllegalStateException("chance"));
                  default -> finishing.deliver();
                }
              });
    }

    private void client() {
      JID client = someClient();
      switch (random.nextInt(4)) {
        case 0 -> world.unavailable(client);
        case 1 -> reconnect();
        case 2 -> answerPings();
        default -> arrive(client);
      }
    }

    private void arrive(JID client) {
      Presence presence = CallWorld.availablePresence(client);
      if (random.nextBoolean()) {
        presence
            .addChildElement("c", "http://jabber.org/protocol/caps")
            .addAttribute("node", "urn:xmpp:rayo:client:1");
      }
      world.clients.presence(presence);
    }

    private void reconnect() {
      world.stream.connected = false;
      world.pings.disconnect();
      world.clients.disconnected("chance");
      world.stream.connected = true;
      world.clients.connected();
    }

    private void answerPings() {
      for (JID asked : world.pings.waiting()) {
        if (random.nextInt(3) > 0 || asked.getNode() == null) {
          world.pings.result(asked);
        } else {
          world.pings.error(asked, PacketError.Condition.service_unavailable);
        }
      }
    }

    private void rare() {
      switch (random.nextInt(6)) {
        case 0 -> world.mailbox.add(new CallActor.Shutdown());
        case 1 -> world.clock.pass(CallWorld.GRACE.multipliedBy(2));
        case 2 -> endMedia();
        default -> world.deliverOne();
      }
    }

    private void endMedia() {
      if (!mediaEnded) {
        mediaEnded = true;
        world.media.end(any(List.of(EndReason.values())));
      }
    }

    /** The caller hangs up; whatever is open is settled, and everybody is there to hear of it. */
    private void bringToItsEnd() {
      endMedia();
      for (int i = 0; i < 200 && !world.call.isClosed(); i++) {
        settleAsked();
        journal();
        capture();
        endCapture();
        deliverFile();
        world.deliver();
      }
      for (JID client : CLIENTS) {
        world.available(client);
      }
      for (int i = 0; i < 20; i++) {
        answerPings();
      }
    }

    private void check() {
      assertThat(world.call.isClosed()).isTrue();
      assertThat(world.mailbox).isEmpty();
      assertThat(world.clients.unconfirmed()).isZero();
      assertThat(world.quota.taken()).isZero();
      // What is left are the three that registered, and nobody watches them.
      assertThat(world.clients.size()).isLessThanOrEqualTo(CLIENTS.size());
      checkAnswers();
      for (JID client : CLIENTS) {
        checkEvents(client);
      }
    }

    private void checkAnswers() {
      Map<String, Integer> answers = new HashMap<>();
      for (Packet packet : world.stream.sent()) {
        if (packet instanceof IQ answer) {
          answers.merge(answer.getID(), 1, Integer::sum);
          count(CallWorld.outcome(Optional.of(answer)));
        }
      }
      Map<String, Integer> expected = new HashMap<>();
      world.commands().forEach(command -> expected.put(command.getID(), 1));
      assertThat(answers).isEqualTo(expected);
    }

    private void checkEvents(JID client) {
      Map<String, String> completes = new HashMap<>();
      Set<String> refs = new HashSet<>();
      String end = "";
      for (Packet packet : world.stream.sent()) {
        if (!client.equals(packet.getTo())) {
          continue;
        }
        if (packet instanceof IQ iq && CallWorld.brief(iq).startsWith("ref")) {
          assertThat(end).as("ref after the end").isEmpty();
          refs.add(CallWorld.component(iq));
        }
        if (packet instanceof Presence event && CallWorld.brief(event).startsWith("complete")) {
          String component = event.getFrom().getResource();
          assertThat(refs).as("complete without ref").contains(component);
          // Sent again after a lost connection it is the same stanza; else there is one.
          assertThat(completes.getOrDefault(component, event.toXML())).isEqualTo(event.toXML());
          if (completes.put(component, event.toXML()) == null) {
            assertThat(end).as("a new complete after the end").isEmpty();
            checkRecording(event);
          }
        }
        if (packet instanceof Presence event && CallWorld.brief(event).startsWith("end")) {
          assertThat(end.isEmpty() || end.equals(event.toXML())).as("one end").isTrue();
          assertThat(completes.keySet()).as("complete before the end").isEqualTo(refs);
          end = event.toXML();
          count("end");
        }
      }
      assertThat(completes.keySet()).isEqualTo(refs);
    }

    /** What it says of the file is true, and is left out only where there is none. */
    private void checkRecording(Presence complete) {
      Manifest manifest =
          world.recordings.beginnings.stream()
              .map(FakeRecordings.Beginning::manifest)
              .filter(m -> m.origin().componentId().equals(complete.getFrom().getResource()))
              .findFirst()
              .orElseThrow();
      CapturedRecording recording =
          Objects.requireNonNull(captured.get(manifest.recordingId()), "nothing was captured");
      Element said = complete.getElement().element("complete");
      Element file = said.element("recording");
      String reason = said.elements().get(0).getName();
      if (lost.contains(manifest.recordingId())) {
        assertThat(file).isNull();
        assertThat(reason).isEqualTo("error");
        count("complete, lost");
      } else if (manifest.isTooShort(recording)) {
        assertThat(file).isNull();
        assertThat(recording.cause()).isNotEqualTo(Cause.ERROR);
        count("complete, discarded");
      } else {
        assertThat(file.attributeValue("duration"))
            .isEqualTo(Long.toString(Math.round(recording.samples() / 8.0)));
        assertThat(file.attributeValue("size")).isEqualTo(Long.toString(recording.sizeBytes()));
        assertThat(said.elements().get(1)).isSameAs(file);
        count("complete");
      }
    }

    private void count(String what) {
      seen.merge(what, 1, Integer::sum);
    }
  }
}
