package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.ANSWER;
import static org.rayo.call.CallWorld.GRACE;
import static org.rayo.call.CallWorld.IDLE_TIMEOUT;
import static org.rayo.call.CallWorld.JULIET;

import java.time.Duration;
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
}
