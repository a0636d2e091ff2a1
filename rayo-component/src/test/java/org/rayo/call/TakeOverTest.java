package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.ANSWER;
import static org.rayo.call.CallWorld.GRACE;
import static org.rayo.call.CallWorld.HANGUP;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.PAUSE;
import static org.rayo.call.CallWorld.RESUME;
import static org.rayo.call.CallWorld.ROMEO;
import static org.rayo.call.CallWorld.STOP;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent.EndReason;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** Another resource of a client takes over its call, with all that is in it. */
class TakeOverTest {

  private static final JID CHAMBER = new JID("juliet@example.org/chamber");
  private static final JID CELL = new JID("juliet@example.org/cell");

  private static String outcome(CallWorld world, JID client, String component, String xml) {
    return CallWorld.outcome(world.commands(client, component, xml));
  }

  /** To whom the last events of this kind went, oldest first. */
  private static List<String> told(CallWorld world, String event) {
    return world.stream.sent().stream()
        .filter(Presence.class::isInstance)
        .filter(packet -> CallWorld.brief(packet).startsWith(event))
        .map(packet -> packet.getTo().getResource())
        .toList();
  }

  private static void confirmAll(CallWorld world) {
    while (world.pings.waiting().contains(new JID(CallWorld.DOMAIN))) {
      world.pings.result(new JID(CallWorld.DOMAIN));
    }
  }

  @Test
  void controllerIsThere_itsOtherResourceConflicts() {
    CallWorld world = CallWorld.answered(JULIET, CHAMBER);
    assertThat(outcome(world, CHAMBER, "", HANGUP)).isEqualTo("conflict/cancel");
  }

  @Test
  void controllerIsAway_otherUsersConflict() {
    CallWorld world = CallWorld.answered(JULIET, ROMEO);
    world.unavailable(JULIET).deliver();
    assertThat(outcome(world, ROMEO, "", ANSWER)).isEqualTo("conflict/cancel");
    assertThat(outcome(world, new JID("juliet@example.net/balcony"), "", ANSWER))
        .isEqualTo("conflict/cancel");
  }

  @Test
  void controllerIsAway_itsOtherResourceControlsFromNowOn() {
    CallWorld world = CallWorld.answered(JULIET);
    world.unavailable(JULIET).deliver();
    assertThat(outcome(world, CHAMBER, "", ANSWER)).isEqualTo("result");
    world.clock.pass(GRACE.multipliedBy(2));
    assertThat(world.deliver().media.askedFor()).containsExactly("answer");
    world.available(JULIET).deliver();
    assertThat(outcome(world, JULIET, "", HANGUP)).isEqualTo("conflict/cancel");
    assertThat(outcome(world, CHAMBER, "", HANGUP)).isEqualTo("result");
  }

  @Test
  void controllerIsAway_noteForTheNextRunNamesTheOtherResource() {
    CallWorld world = CallWorld.answered(JULIET);
    world.unavailable(JULIET).deliver();
    world.commands(CHAMBER, "", ANSWER);
    assertThat(world.notes.known.get("c1").parties()).containsExactly(CHAMBER.toString());
  }

  @Test
  void components_belongToWhoeverHasTakenOver() {
    CallWorld world = CallWorld.answered(JULIET);
    String component = world.records(JULIET);
    assertThat(outcome(world, CHAMBER, component, PAUSE)).isEqualTo("conflict/cancel");
    world.unavailable(JULIET).deliver();
    assertThat(outcome(world, CHAMBER, "", ANSWER)).isEqualTo("result");
    assertThat(outcome(world, CHAMBER, component, PAUSE)).isEqualTo("result");
    world.available(JULIET).deliver();
    assertThat(outcome(world, JULIET, component, RESUME)).isEqualTo("conflict/cancel");
    assertThat(outcome(world, ROMEO, component, RESUME)).isEqualTo("conflict/cancel");
    assertThat(outcome(world, CHAMBER, component, STOP)).isEqualTo("result");
    assertThat(world.media.captures.get(0).commands).containsExactly("pause", "stop");
  }

  @Test
  void componentCommand_ofTheOtherResource_takesOverToo() {
    CallWorld world = CallWorld.answered(JULIET);
    String component = world.records(JULIET);
    world.unavailable(JULIET).deliver();
    assertThat(outcome(world, CHAMBER, component, PAUSE)).isEqualTo("result");
    assertThat(outcome(world, CHAMBER, "", HANGUP)).isEqualTo("result");
  }

  @Test
  void completes_pendingAndLater_goToTheOtherAtOnce() {
    CallWorld world = CallWorld.answered(JULIET);
    world.records(JULIET);
    world.records(JULIET);
    world.unavailable(JULIET).deliver();
    world.media.ended(world.media.captures.get(0), Cause.MAX_DURATION);
    world.deliver();
    assertThat(told(world, "complete")).isEmpty();
    world.commands(CHAMBER, "", ANSWER);
    assertThat(told(world, "complete")).containsExactly("chamber");
    world.media.ended(world.media.captures.get(1), Cause.MAX_DURATION);
    world.deliver();
    assertThat(told(world, "complete")).containsExactly("chamber", "chamber");
    confirmAll(world);
    assertThat(world.recordings.announced).hasSize(2);
  }

  @Test
  void completes_theFirstIsBack_goToTheOtherAllTheSame() {
    CallWorld world = CallWorld.answered(JULIET);
    world.records(JULIET);
    world.unavailable(JULIET).deliver();
    world.commands(CHAMBER, "", ANSWER);
    world.available(JULIET).deliver();
    world.media.ended(world.media.captures.get(0), Cause.MAX_DURATION);
    world.deliver();
    assertThat(told(world, "complete")).containsExactly("chamber");
  }

  @Test
  void end_firstIsStillAway_isToldToTheOtherOnly() {
    CallWorld world = CallWorld.answered(JULIET, ROMEO);
    world.unavailable(JULIET).deliver();
    world.commands(CHAMBER, "", ANSWER);
    world.media.end(EndReason.HUNGUP);
    world.deliver();
    assertThat(told(world, "end")).containsExactly("garden", "chamber");
    confirmAll(world);
    world.available(JULIET);
    assertThat(told(world, "end")).hasSize(2);
    assertThat(world.clients.unconfirmed()).isZero();
  }

  @Test
  void end_firstIsBack_isToldToBoth() {
    CallWorld world = CallWorld.answered(JULIET);
    world.unavailable(JULIET).deliver();
    world.commands(CHAMBER, "", ANSWER);
    world.available(JULIET).deliver();
    world.media.end(EndReason.HUNGUP);
    world.deliver();
    assertThat(told(world, "end")).containsExactlyInAnyOrder("balcony", "chamber");
  }

  @Test
  void successorGoesToo_graceBeginsAnewAndAnotherMayTakeOver() {
    CallWorld world = CallWorld.answered(JULIET);
    String component = world.records(JULIET);
    world.available(CHAMBER).unavailable(JULIET).deliver();
    world.commands(CHAMBER, "", ANSWER);
    world.unavailable(CHAMBER).deliver();
    world.clock.pass(GRACE.minusSeconds(1));
    world.deliver();
    assertThat(outcome(world, CELL, component, PAUSE)).isEqualTo("result");
    world.media.ended(world.media.captures.get(0), Cause.MAX_DURATION);
    world.deliver();
    assertThat(told(world, "complete")).containsExactly("cell");
    world.clock.pass(Duration.ofSeconds(10));
    assertThat(world.deliver().media.askedFor()).containsExactly("answer");
    world.unavailable(CELL).deliver();
    world.clock.pass(GRACE);
    assertThat(world.deliver().media.askedFor()).containsExactly("answer", "hangup");
  }

  @Test
  void backAndForth_controlAndComponentsReturn() {
    CallWorld world = CallWorld.answered(JULIET);
    String component = world.records(JULIET);
    world.unavailable(JULIET).deliver();
    world.commands(CHAMBER, "", ANSWER);
    world.available(JULIET).unavailable(CHAMBER).deliver();
    assertThat(outcome(world, JULIET, "", ANSWER)).isEqualTo("result");
    assertThat(outcome(world, JULIET, component, PAUSE)).isEqualTo("result");
    world.available(CHAMBER).deliver();
    assertThat(outcome(world, CHAMBER, component, RESUME)).isEqualTo("conflict/cancel");
  }
}
