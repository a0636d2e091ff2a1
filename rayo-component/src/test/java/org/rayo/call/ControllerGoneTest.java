package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.ANSWER;
import static org.rayo.call.CallWorld.GRACE;
import static org.rayo.call.CallWorld.IDLE_TIMEOUT;
import static org.rayo.call.CallWorld.JULIET;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.rayo.call.ControlSettings.ControllerGone;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent.EndReason;
import org.xmpp.packet.JID;

/** What becomes of a call whose controlling client has gone, where that is not the grace. */
class ControllerGoneTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static CallWorld answered(ControllerGone gone) {
    CallWorld world =
        new CallWorld(
                new ControlSettings(
                    OfferPolicy.toAll(), SecurityZone.Extent.BARE_JID, gone, GRACE, IDLE_TIMEOUT))
            .available(JULIET)
            .announce();
    world.sends(JULIET, ANSWER);
    world.deliver().media.next().done().complete(null);
    return world.deliver();
  }

  private static void pass(CallWorld world, Duration time) {
    world.clock.pass(time);
    world.deliver();
  }

  @Test
  void hangup_controllerGoes_isHungUpAtOnceAndTheRecordingKept() {
    CallWorld world = answered(ControllerGone.HANGUP);
    world.records(JULIET);
    world.unavailable(JULIET).deliver();
    assertThat(world.media.askedFor()).containsExactly("answer", "hangup");
    world.media.end(EndReason.HANGUP_COMMAND);
    world.media.ended(world.media.captures.get(0), Cause.HANGUP);
    world.deliver();
    assertThat(world.recordings.finishings).hasSize(1);
    world.available(JULIET);
    assertThat(world.wire()).endsWith("complete to juliet", "end to juliet");
  }

  @Test
  void hangup_connectionIsLostForAMoment_goesOn() {
    CallWorld world = answered(ControllerGone.HANGUP);
    world.clients.disconnected("cut");
    world.clients.connected();
    world.pings.result(JULIET);
    assertThat(world.deliver().media.askedFor()).containsExactly("answer");
  }

  @Test
  void keep_nothingGoesOn_isHungUpAfterTheIdleTimeout() {
    CallWorld world = answered(ControllerGone.KEEP);
    world.unavailable(JULIET).deliver();
    pass(world, IDLE_TIMEOUT.minus(SECOND));
    assertThat(world.media.askedFor()).containsExactly("answer");
    pass(world, SECOND);
    assertThat(world.media.askedFor()).containsExactly("answer", "hangup");
  }

  @Test
  void keep_aRecordingRuns_staysUntilThatHasBeenOverForTheIdleTimeout() {
    CallWorld world = answered(ControllerGone.KEEP);
    world.records(JULIET);
    world.unavailable(JULIET).deliver();
    pass(world, IDLE_TIMEOUT.multipliedBy(20));
    world.media.ended(world.media.captures.get(0), Cause.MAX_DURATION);
    world.deliver();
    pass(world, IDLE_TIMEOUT.minus(SECOND));
    assertThat(world.media.askedFor()).containsExactly("answer");
    pass(world, SECOND);
    assertThat(world.media.askedFor()).containsExactly("answer", "hangup");
    assertThat(world.recordings.finishings).hasSize(1);
  }

  @Test
  void keep_controllerIsBack_staysHoweverIdle() {
    CallWorld world = answered(ControllerGone.KEEP);
    world.unavailable(JULIET).deliver();
    pass(world, IDLE_TIMEOUT.minus(SECOND));
    world.available(JULIET).deliver();
    world.records(JULIET);
    world.media.ended(world.media.captures.get(0), Cause.MAX_DURATION);
    world.deliver();
    pass(world, IDLE_TIMEOUT.multipliedBy(20));
    assertThat(world.media.askedFor()).containsExactly("answer");
  }

  @Test
  void keep_anotherResourceTakesOver_staysHoweverIdle() {
    CallWorld world = answered(ControllerGone.KEEP);
    world.unavailable(JULIET).deliver();
    world.commands(new JID("juliet@example.org/chamber"), "", ANSWER);
    pass(world, IDLE_TIMEOUT.multipliedBy(20));
    assertThat(world.media.askedFor()).containsExactly("answer");
  }

  @Test
  void keep_somethingBeginsAgainMeanwhile_timeBeginsAnewWithItsEnd() {
    List<String> asked = new ArrayList<>();
    ControllerAbsence absence =
        new ControllerAbsence(
            new ControlSettings(
                OfferPolicy.toAll(),
                SecurityZone.Extent.BARE_JID,
                ControllerGone.KEEP,
                GRACE,
                IDLE_TIMEOUT),
            new Timers(asked));
    assertThat(absence.begins(JULIET, true)).isFalse();
    assertThat(absence.isOver()).isTrue();
    absence.activity(true);
    absence.activity(false);
    absence.activity(false);
    assertThat(absence.isOver()).as("what was on its way when it began again").isFalse();
    absence.activity(true);
    assertThat(absence.isOver()).isTrue();
    absence.ends();
    assertThat(absence.isOver()).isFalse();
    assertThat(asked).containsExactly("start", "stop", "start", "stop");
  }

  private record Timers(List<String> asked) implements CallMailbox {
    @Override
    public void tell(CallActor.Message message) {
      throw new AssertionError(message);
    }

    @Override
    public <T> void tellOf(
        CompletionStage<T> stage, BiFunction<T, Optional<Throwable>, CallActor.Message> message) {
      throw new AssertionError(message);
    }

    @Override
    public void offerAgain(Duration pause) {
      throw new AssertionError(pause);
    }

    @Override
    public void startGrace(Duration grace) {
      assertThat(grace).isEqualTo(IDLE_TIMEOUT);
      asked.add("start");
    }

    @Override
    public void stopGrace() {
      asked.add("stop");
    }

    @Override
    public void startTimer(String name, CallActor.Message message, Duration time) {}

    @Override
    public void stopTimer(String name) {}
  }
}
