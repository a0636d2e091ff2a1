package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.HANGUP;
import static org.rayo.call.CallWorld.JULIET;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.protocol.JoinTarget;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * However a call ends, with components of every kind running and joins to a call and a mixer: every
 * component completes once, then the call is unjoined, then it ends (XEP-0327, session
 * termination).
 */
class EndOrderTest {

  private static final Map<String, String> COMPONENTS = new LinkedHashMap<>();

  static {
    String document = "<document url='file:///a.wav'/>";
    String output = "<output xmlns='urn:xmpp:rayo:output:1'>" + document + "</output>";
    String input =
        "<input xmlns='urn:xmpp:rayo:input:1' mode='dtmf'>"
            + "<grammar url='builtin:dtmf/digits'/></input>";
    COMPONENTS.put("record", CallWorld.RECORD);
    COMPONENTS.put("output", output);
    COMPONENTS.put("input", input);
    COMPONENTS.put(
        "prompt", "<prompt xmlns='urn:xmpp:rayo:prompt:1'>" + output + input + "</prompt>");
    COMPONENTS.put(
        "cpa",
        "<input xmlns='urn:xmpp:rayo:input:1' mode='cpa'>"
            + "<grammar url='urn:xmpp:rayo:cpa:beep:1?terminate=true'/></input>");
  }

  /** A way in which a call ends. */
  record Way(String name, EndReason reason, Consumer<CallWorld> before) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (EndReason reason : EndReason.values()) {
      ways.add(new Way(reason.name(), reason, world -> {}));
    }
    ways.add(
        new Way(
            "the client hangs up",
            EndReason.HANGUP_COMMAND,
            world -> assertThat(world.commands(JULIET, "", HANGUP)).isPresent()));
    ways.add(
        new Way(
            "the server stops",
            EndReason.HANGUP_COMMAND,
            world -> world.mailbox.add(new CallActor.Shutdown())));
    ways.add(
        new Way(
            "the client is gone",
            EndReason.HANGUP_COMMAND,
            world -> {
              world.unavailable(JULIET).deliver();
              world.clock.pass(CallWorld.GRACE);
              world.deliver();
              assertThat(world.media.askedFor()).endsWith("hangup");
              world.available(JULIET);
            }));
    return ways;
  }

  static Stream<Arguments> waysAndSeeds() {
    return ways().stream()
        .flatMap(way -> Stream.of(1, 2, 3, 4, 5).map(seed -> Arguments.of(way, seed)));
  }

  /**
   * @param seed of the order of the media's last words
   */
  @ParameterizedTest
  @MethodSource("waysAndSeeds")
  void end_withEverythingRunning_completesThenUnjoinsThenEnds(Way way, int seed) {
    CallWorld world = CallWorld.answered(JULIET);
    Set<String> running = new HashSet<>();
    running.add(world.records(JULIET));
    COMPONENTS.forEach(
        (name, command) -> {
          if (!name.equals("record")) {
            running.add(starts(world, command));
          }
        });
    assertThat(running).hasSize(COMPONENTS.size());
    world.mailbox.add(
        new CallActor.Joined(
            PartyKey.ofCall("c2"), new JoinTarget.OfCall(new JID("c2", CallWorld.DOMAIN, null))));
    world.mailbox.add(
        new CallActor.Joined(
            PartyKey.ofMixer(SecurityZone.of(JULIET), "m"), new JoinTarget.OfMixer("m", "m")));
    world.deliver();
    world.stream.drain();

    way.before().accept(world);
    List<Runnable> lastWords = new ArrayList<>();
    lastWords.add(() -> world.media.end(way.reason()));
    world.media.captures.forEach(c -> lastWords.add(() -> world.media.ended(c, Cause.HANGUP)));
    world.media.outputs.forEach(
        playing ->
            lastWords.add(
                () ->
                    world.media.tell(
                        new MediaEvent.OutputEnded(
                            playing.request.outputId(), OutputEnd.HANGUP, Optional.empty()))));
    Collections.shuffle(lastWords, new Random(seed));
    for (Runnable word : lastWords) {
      word.run();
      world.deliver();
    }

    List<Presence> told =
        world.stream.sent().stream()
            .filter(Presence.class::isInstance)
            .map(Presence.class::cast)
            .filter(p -> Arrays.asList("complete", "unjoined", "end").contains(name(p)))
            .toList();
    assertThat(told.stream().map(EndOrderTest::name))
        .containsExactly(
            "complete",
            "complete",
            "complete",
            "complete",
            "complete",
            "unjoined",
            "unjoined",
            "end");
    assertThat(told.stream().limit(running.size()).map(p -> p.getFrom().getResource()))
        .containsExactlyInAnyOrderElementsOf(running);
    assertThat(told.stream().skip(running.size()).map(Presence::getFrom))
        .containsOnly(world.address);
    assertThat(world.media.detections).isEmpty();
    assertThat(world.call.isClosed()).isTrue();
    assertThat(world.switchboard).containsExactly(new Switchboard.CallEnded("c1"));
  }

  private static String starts(CallWorld world, String command) {
    var sent = world.sends(JULIET, command);
    world.deliver();
    world.media.outputs.forEach(playing -> playing.started.complete(playing));
    world.deliver();
    return CallWorld.component(world.answer(sent).orElseThrow());
  }

  private static String name(Presence presence) {
    return presence.getElement().elements().get(0).getName();
  }
}
