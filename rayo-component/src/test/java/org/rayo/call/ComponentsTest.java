package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.ROMEO;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.Signal;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/** Outputs, inputs and prompts of a call: one ref, one complete, in order, whatever happens. */
class ComponentsTest {

  private static final String OUTPUT =
      "<output xmlns='urn:xmpp:rayo:output:1'>"
          + "<document url='http://example.org/welcome.wav'/></output>";
  private static final String INPUT =
      "<input xmlns='urn:xmpp:rayo:input:1' mode='dtmf' terminator='#' initial-timeout='5000'"
          + " inter-digit-timeout='2000'><grammar url='builtin:dtmf/digits?maxlength=4'/></input>";
  private static final String PROMPT =
      "<prompt xmlns='urn:xmpp:rayo:prompt:1' barge-in='%s'>" + OUTPUT + INPUT + "</prompt>";

  private final CallWorld world = CallWorld.answered(ROMEO, JULIET);

  private String playing(String xml) {
    IQ command = world.sends(ROMEO, xml);
    world.deliver();
    FakeMediaCall.Playing playing = world.media.outputs.get(world.media.outputs.size() - 1);
    playing.started.complete(playing);
    world.deliver();
    return CallWorld.component(world.answer(command).orElseThrow());
  }

  private String input() {
    return CallWorld.component(world.commands(ROMEO, "", INPUT).orElseThrow());
  }

  private void key(String component, char key) {
    world.media.tell(
        new MediaEvent.Detected(
            component, new Signal(Signal.Kind.KEY, Optional.of(key), Duration.ZERO)));
    world.deliver();
  }

  private void outputEnds(String component, OutputEnd reason) {
    world.media.tell(new MediaEvent.OutputEnded(component, reason, Optional.empty()));
    world.deliver();
  }

  private void pass(Duration time) {
    world.clock.pass(time);
    world.deliver();
  }

  private String outcome(org.xmpp.packet.JID client, String component, String xml) {
    return CallWorld.outcome(world.commands(client, component, xml));
  }

  /** The names of the reasons that a component has completed with. */
  private List<String> completions(String component) {
    return presences(component, "complete").stream()
        .map(p -> p.getElement().elements().get(0).elements().get(0).getName())
        .toList();
  }

  private List<Presence> presences(String component, String child) {
    return world.stream.sent().stream()
        .filter(Presence.class::isInstance)
        .map(Presence.class::cast)
        .filter(p -> component.equals(p.getFrom().getResource()))
        .filter(p -> p.getElement().elements().get(0).getName().equals(child))
        .toList();
  }

  @Test
  void output_played_completesWithFinish() {
    String output = playing(OUTPUT);
    outputEnds(output, OutputEnd.FINISH);
    assertThat(completions(output)).containsExactly("finish");
    assertThat(presences(output, "complete").get(0).getType()).isEqualTo(Presence.Type.unavailable);
    assertThat(outcome(ROMEO, output, CallWorld.STOP)).isEqualTo("item-not-found/cancel");
  }

  @Test
  void output_endsBeforeItsBeginningIsKnown_refComesBeforeComplete() {
    IQ command = world.sends(ROMEO, OUTPUT);
    world.deliver();
    FakeMediaCall.Playing playing = world.media.outputs.get(0);
    outputEnds(playing.request.outputId(), OutputEnd.FINISH);
    playing.started.complete(playing);
    world.deliver();
    List<Packet> sent = world.stream.sent();
    assertThat(sent.indexOf(world.answer(command).orElseThrow()))
        .isLessThan(sent.indexOf(presences(playing.request.outputId(), "complete").get(0)));
  }

  @Test
  void output_commands_reachTheMediaOrAreRefused() {
    String output = playing(OUTPUT);
    String pause = "<pause xmlns='urn:xmpp:rayo:output:1'/>";
    assertThat(outcome(ROMEO, output, pause)).isEqualTo("result");
    assertThat(outcome(ROMEO, output, pause)).isEqualTo("unexpected-request/wait");
    assertThat(outcome(JULIET, output, CallWorld.STOP)).isEqualTo("conflict/cancel");
    assertThat(outcome(ROMEO, output, CallWorld.PAUSE)).isEqualTo("feature-not-implemented/cancel");
    String seek = "<seek xmlns='urn:xmpp:rayo:output:1' direction='back' amount='500'/>";
    assertThat(outcome(ROMEO, output, seek)).isEqualTo("result");
    assertThat(outcome(ROMEO, output, CallWorld.STOP)).isEqualTo("result");
    assertThat(world.media.outputs.get(0).commands).containsExactly("pause", "seek -500", "stop");
    outputEnds(output, OutputEnd.STOP);
    assertThat(completions(output)).containsExactly("stop");
  }

  @Test
  void input_keysAndTerminator_isAMatch() {
    String input = input();
    key(input, '1');
    key(input, '2');
    key(input, '#');
    assertThat(completions(input)).containsExactly("match");
    assertThat(presences(input, "complete").get(0).getElement().getStringValue()).contains("1 2");
    assertThat(world.media.detections).isEmpty();
  }

  @Test
  void input_nobodyPressesAKey_isNoinput() {
    String input = input();
    pass(Duration.ofSeconds(6));
    assertThat(completions(input)).containsExactly("noinput");
  }

  @Test
  void input_noFurtherKey_endsAfterTheInterDigitTimeout() {
    String input = input();
    key(input, '7');
    assertThat(completions(input)).isEmpty();
    pass(Duration.ofSeconds(3));
    assertThat(completions(input)).containsExactly("match");
  }

  @Test
  void input_stop_resultComesBeforeComplete() {
    String input = input();
    IQ stop = world.sends(ROMEO, input, CallWorld.STOP);
    world.deliver();
    List<Packet> sent = world.stream.sent();
    assertThat(completions(input)).containsExactly("stop");
    assertThat(sent.indexOf(world.answer(stop).orElseThrow()))
        .isLessThan(sent.indexOf(presences(input, "complete").get(0)));
  }

  @Test
  void prompt_bargeIn_firstKeyEndsTheOutputAndCounts() {
    String prompt = playing(String.format(PROMPT, true));
    key(prompt, '4');
    assertThat(world.media.outputs.get(0).commands).containsExactly("stop");
    outputEnds(prompt, OutputEnd.STOP);
    key(prompt, '#');
    assertThat(completions(prompt)).containsExactly("match");
  }

  @Test
  void prompt_withoutBargeIn_keysCountFromTheEndOfTheOutput() {
    String prompt = playing(String.format(PROMPT, false));
    key(prompt, '4');
    outputEnds(prompt, OutputEnd.FINISH);
    assertThat(presences(prompt, "input-timers-started")).hasSize(1);
    pass(Duration.ofSeconds(6));
    assertThat(completions(prompt)).containsExactly("noinput");
  }

  @Test
  void prompt_keyBeforeTheOutputIsKnownToPlay_stopsItAndCounts() {
    world.sends(ROMEO, String.format(PROMPT, true));
    world.deliver();
    FakeMediaCall.Playing playing = world.media.outputs.get(0);
    String prompt = playing.request.outputId();
    key(prompt, '4');
    key(prompt, '5');
    playing.started.complete(playing);
    world.deliver();
    assertThat(playing.commands).containsExactly("stop");
    outputEnds(prompt, OutputEnd.STOP);
    key(prompt, '#');
    assertThat(completions(prompt)).containsExactly("match");
    assertThat(presences(prompt, "complete").get(0).getElement().getStringValue()).contains("4 5");
  }

  @Test
  void hangup_whileAComponentBegins_itCompletesAndThenTheCallEnds() {
    IQ command = world.sends(ROMEO, PROMPT.replace("%s", "true"));
    world.deliver();
    FakeMediaCall.Playing playing = world.media.outputs.get(0);
    world.media.end(MediaEvent.EndReason.HUNGUP);
    world.deliver();
    playing.started.complete(playing);
    world.deliver();
    String prompt = CallWorld.component(world.answer(command).orElseThrow());
    assertThat(completions(prompt)).containsExactly("hangup");
    assertThat(world.wire().get(world.wire().size() - 1)).startsWith("end");
  }

  @Test
  void hangup_everyComponentCompletesOnceAndThenTheCallEnds() {
    String output = playing(OUTPUT);
    String input = input();
    world.media.end(MediaEvent.EndReason.HUNGUP);
    world.deliver();
    assertThat(world.wire()).noneMatch(line -> line.startsWith("end"));
    outputEnds(output, OutputEnd.HANGUP);
    assertThat(completions(input)).containsExactly("hangup");
    assertThat(completions(output)).containsExactly("hangup");
    assertThat(world.wire().get(world.wire().size() - 1)).startsWith("end");
  }
}
