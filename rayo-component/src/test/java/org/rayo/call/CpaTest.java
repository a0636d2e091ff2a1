package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.ROMEO;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.Signal;
import org.rayo.media.Signal.Kind;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/** Call progress analysis: which signals are told, how, and what ends it. */
class CpaTest {

  private final CallWorld world = CallWorld.answered(ROMEO, JULIET);

  private static String command(String attributes, String... grammars) {
    StringBuilder input = new StringBuilder("<input xmlns='urn:xmpp:rayo:input:1' mode='cpa' ");
    input.append(attributes).append('>');
    for (String grammar : grammars) {
      input.append("<grammar url='urn:xmpp:rayo:cpa:").append(grammar).append("'/>");
    }
    return input.append("</input>").toString();
  }

  private String cpa(String... grammars) {
    return CallWorld.component(world.commands(ROMEO, "", command("", grammars)).orElseThrow());
  }

  private void hear(String component, Kind kind, long millis) {
    hear(component, kind, Optional.empty(), millis);
  }

  private void key(String component, char key) {
    hear(component, Kind.KEY, Optional.of(key), 0);
  }

  private void hear(String component, Kind kind, Optional<Character> value, long millis) {
    world.media.tell(
        new MediaEvent.Detected(component, new Signal(kind, value, Duration.ofMillis(millis))));
    world.deliver();
  }

  private void pass(long millis) {
    world.clock.pass(Duration.ofMillis(millis));
    world.deliver();
  }

  private List<Presence> presences(String component) {
    return world.stream.sent().stream()
        .filter(Presence.class::isInstance)
        .map(Presence.class::cast)
        .filter(p -> component.equals(p.getFrom().getResource()))
        .toList();
  }

  /** What the component has said, each in short: a signal's type, duration and value, or how. */
  private List<String> said(String component) {
    return presences(component).stream()
        .map(p -> p.getElement().elements().get(0))
        .map(
            child ->
                child.getName().equals("complete")
                    ? "complete: " + brief(child.elements().get(0))
                    : brief(child))
        .toList();
  }

  private static String brief(Element element) {
    return element.getName().equals("signal")
        ? String.join(
            " ",
            element.attributeValue("type").replace("urn:xmpp:rayo:cpa:", "").replace(":1", ""),
            element.attributeValue("duration", "-"),
            element.attributeValue("value", "-"))
        : element.getName();
  }

  @Test
  void signals_withoutTerminate_areEventsUntilStop() {
    String cpa = cpa("dtmf:1", "beep:1?terminate=false", "ring:1", "busy:1", "vad:1");
    assertThat(world.media.detections.get(0).kinds())
        .isEqualTo(EnumSet.of(Kind.KEY, Kind.BEEP, Kind.RING, Kind.BUSY, Kind.SPEECH));
    key(cpa, '#');
    hear(cpa, Kind.BEEP, 480);
    hear(cpa, Kind.RING, 2000);
    hear(cpa, Kind.BUSY, 2500);
    hear(cpa, Kind.SPEECH, 120);
    assertThat(said(cpa))
        .containsExactly("dtmf - #", "beep 480 -", "ring 2000 -", "busy 2500 -", "vad 120 -");
    assertThat(presences(cpa))
        .allSatisfy(
            event -> {
              assertThat(event.getType()).isNull();
              assertThat(event.getTo()).isEqualTo(ROMEO);
              assertThat(event.getElement().elements().get(0).getNamespaceURI())
                  .isEqualTo("urn:xmpp:rayo:cpa:1");
              assertThat(event.getElement().element("delay")).isNotNull();
            });
    assertThat(CallWorld.outcome(world.commands(JULIET, cpa, CallWorld.STOP)))
        .isEqualTo("conflict/cancel");
    assertThat(
            CallWorld.outcome(
                world.commands(ROMEO, cpa, "<pause xmlns='urn:xmpp:rayo:output:1'/>")))
        .isEqualTo("feature-not-implemented/cancel");
    assertThat(CallWorld.outcome(world.commands(ROMEO, cpa, CallWorld.STOP))).isEqualTo("result");
    assertThat(said(cpa)).last().isEqualTo("complete: stop");
    assertThat(world.media.detections).isEmpty();
  }

  @Test
  void signal_withTerminate_completesAndNothingFollows() {
    String cpa = cpa("beep:1?terminate=true", "dtmf:1");
    key(cpa, '1');
    hear(cpa, Kind.BEEP, 480);
    hear(cpa, Kind.BEEP, 480);
    key(cpa, '2');
    assertThat(said(cpa)).containsExactly("dtmf - 1", "complete: beep 480 -");
    assertThat(presences(cpa).get(1).getType()).isEqualTo(Presence.Type.unavailable);
    assertThat(world.media.detections).isEmpty();
  }

  @Test
  void signals_beforeItsBeginningIsKnown_comeAfterTheRef() {
    IQ command = world.sends(ROMEO, command("", "dtmf:1", "beep:1?terminate=true"));
    world.deliverOne();
    String cpa = world.media.detections.get(0).detectionId();
    // Both are in the mailbox before the media's word that it listens has been handled.
    CallActor.Message begun = world.mailbox.remove();
    world.media.tell(
        new MediaEvent.Detected(cpa, new Signal(Kind.KEY, Optional.of('7'), Duration.ZERO)));
    world.media.tell(
        new MediaEvent.Detected(
            cpa, new Signal(Kind.BEEP, Optional.empty(), Duration.ofMillis(300))));
    world.mailbox.add(begun);
    world.deliver();
    assertThat(said(cpa)).containsExactly("dtmf - 7", "complete: beep 300 -");
    List<Packet> sent = world.stream.sent();
    assertThat(sent.indexOf(world.answer(command).orElseThrow()))
        .isLessThan(sent.indexOf(presences(cpa).get(0)));
  }

  @Test
  void speech_withMaxTime_isAHumansOrAMachines() {
    String cpa = cpa("speech:1?maxTime=2000;minSpeechDuration=200");
    hear(cpa, Kind.SPEECH, 120);
    hear(cpa, Kind.SPEECH_END, 199);
    hear(cpa, Kind.SPEECH, 120);
    hear(cpa, Kind.SPEECH_END, 200);
    hear(cpa, Kind.SPEECH, 120);
    hear(cpa, Kind.SPEECH_END, 2000);
    hear(cpa, Kind.SPEECH, 120);
    hear(cpa, Kind.SPEECH_END, 2001);
    assertThat(said(cpa))
        .containsExactly("speech 200 human", "speech 2000 human", "speech 2001 machine");
  }

  @Test
  void speech_thatGoesOn_isAMachinesBeforeItsEnd() {
    String cpa = cpa("speech:1?maxTime=2000");
    hear(cpa, Kind.SPEECH, 120);
    pass(2000 - 120 + SpokenTurn.END_IS_TOLD_WITHIN.toMillis() - 1);
    assertThat(said(cpa)).isEmpty();
    pass(1);
    assertThat(said(cpa)).containsExactly("speech 2000 machine");
    hear(cpa, Kind.SPEECH_END, 9000);
    assertThat(said(cpa)).hasSize(1);
  }

  @Test
  void speech_thatHasEnded_isNoMachinesLater() {
    String cpa = cpa("speech:1?maxTime=2000;minSpeechDuration=1000");
    hear(cpa, Kind.SPEECH, 120);
    hear(cpa, Kind.SPEECH_END, 500);
    pass(60_000);
    assertThat(said(cpa)).isEmpty();
  }

  @Test
  void speech_withoutMaxTime_isNotSure() {
    String cpa = cpa("speech:1?terminate=true");
    hear(cpa, Kind.SPEECH, 120);
    pass(60_000);
    assertThat(said(cpa)).isEmpty();
    hear(cpa, Kind.SPEECH_END, 64_000);
    assertThat(said(cpa)).containsExactly("complete: speech 64000 notsure");
  }

  @Test
  void initialTimeout_nothingHeard_isNoinput() {
    IQ ref = world.commands(ROMEO, "", command("initial-timeout='3000'", "dtmf:1")).orElseThrow();
    String cpa = CallWorld.component(ref);
    pass(2999);
    assertThat(said(cpa)).isEmpty();
    pass(1);
    assertThat(said(cpa)).containsExactly("complete: noinput");
  }

  @Test
  void initialTimeout_somethingHeard_isOver() {
    IQ ref = world.commands(ROMEO, "", command("initial-timeout='3000'", "dtmf:1")).orElseThrow();
    String cpa = CallWorld.component(ref);
    key(cpa, '1');
    pass(60_000);
    assertThat(said(cpa)).containsExactly("dtmf - 1");
  }

  @Test
  void mediaThatCannotTell_isAnErrorBeforeThereIsAComponent() {
    for (Fault fault : List.of(Fault.UNSUPPORTED, Fault.WRONG_STATE, Fault.NO_RESOURCES)) {
      world.media.deaf = Optional.of(new MediaException(fault, "for the test"));
      IQ answer = world.commands(ROMEO, "", command("", "beep:1")).orElseThrow();
      assertThat(CallWorld.error(answer))
          .isEqualTo(
              switch (fault) {
                case UNSUPPORTED -> "feature-not-implemented/modify";
                case WRONG_STATE -> "unexpected-request/wait";
                default -> "resource-constraint/wait";
              });
    }
    world.media.end(MediaEvent.EndReason.HUNGUP);
    world.deliver();
    assertThat(world.wire()).noneMatch(line -> line.startsWith("complete"));
    assertThat(world.wire()).last().asString().startsWith("end");
  }

  @Test
  void hangup_completesBeforeTheEnd() {
    String cpa = cpa("dtmf:1");
    world.media.end(MediaEvent.EndReason.HUNGUP);
    world.deliver();
    assertThat(said(cpa)).containsExactly("complete: hangup");
    assertThat(world.wire()).last().asString().startsWith("end");
  }
}
