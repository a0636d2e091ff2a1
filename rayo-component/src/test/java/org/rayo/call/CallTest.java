package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.ACCEPT;
import static org.rayo.call.CallWorld.ANSWER;
import static org.rayo.call.CallWorld.HANGUP;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.PAUSE;
import static org.rayo.call.CallWorld.RECORD;
import static org.rayo.call.CallWorld.REDIRECT;
import static org.rayo.call.CallWorld.REJECT;
import static org.rayo.call.CallWorld.ROMEO;
import static org.rayo.call.CallWorld.STOP;
import static org.rayo.call.CallWorld.TYBALT;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.recording.JournalException;
import org.rayo.recording.Recordings.Finished;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** One call, message by message. */
class CallTest {

  @Test
  void announce_severalClients_allGetTheOfferWithCaps() {
    CallWorld world = new CallWorld().available(JULIET).available(ROMEO).announce();
    assertThat(world.wire()).containsExactly("offer to juliet", "offer to romeo");
    Presence offer = (Presence) world.stream.sent().get(0);
    assertThat(offer.getFrom()).isEqualTo(world.address);
    assertThat(offer.getType()).isNull();
    assertThat(offer.getChildElement("c", "http://jabber.org/protocol/caps").attributeValue("node"))
        .isEqualTo("urn:xmpp:rayo:call:1");
    assertThat(offer.getChildElement("offer", "urn:xmpp:rayo:1").elements("header")).hasSize(2);
    assertThat(world.media.askedFor()).isEmpty();
  }

  @Test
  void announce_nobodyAvailable_callIsRefused() {
    CallWorld world = new CallWorld().announce();
    assertThat(world.media.askedFor()).containsExactly("reject UNAVAILABLE");
    world.media.next().done().complete(null);
    world.media.end(EndReason.REJECTED);
    assertThat(world.deliver().call.isClosed()).isTrue();
    assertThat(world.stream.sent()).isEmpty();
  }

  private static CallWorld cutOff() {
    CallWorld world = new CallWorld().available(JULIET);
    world.stream.connected = false;
    world.clients.disconnected("cut");
    return world.announce();
  }

  private static void pass(CallWorld world, Duration time) {
    for (Duration passed = Duration.ZERO;
        passed.compareTo(time) < 0;
        passed = passed.plusMillis(250)) {
      world.clock.pass(Duration.ofMillis(250));
      world.deliver();
    }
  }

  @Test
  void announce_whileTheConnectionIsLost_waitsForWhoeverTakesCalls() {
    CallWorld world = cutOff();
    pass(world, Duration.ofSeconds(2));
    assertThat(world.media.askedFor()).isEmpty();
    world.stream.connected = true;
    world.clients.connected();
    world.pings.result(JULIET);
    pass(world, Duration.ofSeconds(1));
    assertThat(world.stream.sent().toString()).contains("<offer");
    assertThat(world.media.askedFor()).isEmpty();
  }

  @Test
  void announce_theConnectionStaysLost_callIsRefusedInTheEnd() {
    CallWorld world = cutOff();
    pass(world, Duration.ofSeconds(9));
    assertThat(world.media.askedFor()).isEmpty();
    pass(world, Duration.ofSeconds(2));
    assertThat(world.media.askedFor()).containsExactly("reject UNAVAILABLE");
  }

  @Test
  void announce_callerLeavesWhileTheConnectionIsLost_isOver() {
    CallWorld world = cutOff();
    world.media.end(EndReason.HUNGUP);
    pass(world, Duration.ofSeconds(11));
    assertThat(world.media.askedFor()).isEmpty();
    assertThat(world.call.isClosed()).isTrue();
  }

  @Test
  void announce_cannotBeRefused_isHungUp() {
    CallWorld world = new CallWorld().announce();
    world.media.next().done().completeExceptionally(failure(MediaException.Fault.FAILED));
    world.deliver();
    assertThat(world.media.askedFor()).containsExactly("reject UNAVAILABLE", "hangup");
  }

  @Test
  void announce_offerCannotBeSent_countsAsNobody() {
    CallWorld world = new CallWorld().available(JULIET);
    world.stream.full = true;
    world.announce();
    assertThat(world.media.askedFor()).containsExactly("reject UNAVAILABLE");
    world.media.next().done().complete(null);
    world.stream.full = false;
    world.media.end(EndReason.REJECTED);
    world.deliver();
    assertThat(world.stream.sent()).isEmpty();
  }

  @Test
  void offered_everybodyLeaves_callIsRefusedOnce() {
    CallWorld world = new CallWorld().available(JULIET).available(ROMEO).announce();
    world.unavailable(JULIET).deliver();
    assertThat(world.media.askedFor()).isEmpty();
    world.unavailable(ROMEO).deliver();
    assertThat(world.media.askedFor()).containsExactly("reject UNAVAILABLE");
    world.available(ROMEO).deliver();
    world.unavailable(ROMEO).deliver();
    assertThat(world.media.askedFor()).hasSize(1);
  }

  @Test
  void offered_clientLeavesAndComesBack_mayTakeTheCall() {
    CallWorld world = new CallWorld().available(JULIET).available(ROMEO).announce();
    world.unavailable(JULIET).available(JULIET).deliver();
    world.unavailable(ROMEO).deliver();
    assertThat(world.media.askedFor()).isEmpty();
    world.sends(JULIET, ANSWER);
    world.deliver();
    assertThat(world.media.askedFor()).containsExactly("answer");
  }

  @Test
  void command_firstOfTheOffered_controlsAndOthersConflict() {
    CallWorld world = new CallWorld().available(JULIET).available(ROMEO).announce();
    assertThat(CallWorld.outcome(world.commands(TYBALT, "", ANSWER))).isEqualTo("conflict/cancel");
    IQ accept = world.sends(ROMEO, ACCEPT);
    world.deliver();
    assertThat(CallWorld.outcome(world.commands(JULIET, "", HANGUP))).isEqualTo("conflict/cancel");
    JID otherResource = new JID("romeo@example.org/orchard");
    assertThat(CallWorld.outcome(world.commands(otherResource, "", HANGUP)))
        .isEqualTo("conflict/cancel");
    world.media.next().done().complete(null);
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(accept))).isEqualTo("result");
  }

  @Test
  void command_ofStranger_doesNotTakeControl() {
    CallWorld world = new CallWorld().available(JULIET).announce();
    world.commands(TYBALT, "", ANSWER);
    world.commands(TYBALT, "nothing", STOP);
    world.sends(JULIET, ACCEPT);
    assertThat(world.deliver().media.askedFor()).containsExactly("accept");
    assertThat(CallWorld.outcome(world.commands(TYBALT, "", ANSWER))).isEqualTo("conflict/cancel");
  }

  @Test
  void commands_areExecutedOneAfterTheOther() {
    CallWorld world = new CallWorld().available(JULIET).announce();
    IQ accept = world.sends(JULIET, ACCEPT);
    IQ answer = world.sends(JULIET, ANSWER);
    IQ record = world.sends(JULIET, RECORD);
    world.deliver();
    assertThat(world.media.askedFor()).containsExactly("accept");
    world.media.next().done().complete(null);
    world.deliver();
    assertThat(world.media.askedFor()).containsExactly("accept", "answer");
    assertThat(world.answer(record)).isEmpty();
    world.media.next().done().complete(null);
    world.deliver();
    world.media.captures.get(0).begin();
    world.deliver();
    assertThat(world.wire())
        .containsExactly(
            "offer to juliet", "result to juliet", "result to juliet", "ref to juliet");
    assertThat(List.of(accept, answer, record)).allMatch(iq -> world.answer(iq).isPresent());
  }

  @Test
  void commands_tooManyWait_areRefused() {
    CallWorld world = new CallWorld().available(JULIET).announce();
    for (int i = 0; i <= Call.WAITING_LIMIT; i++) {
      world.sends(JULIET, ACCEPT);
    }
    assertThat(CallWorld.outcome(world.commands(JULIET, "", ACCEPT)))
        .isEqualTo("resource-constraint/wait");
  }

  @Test
  void hangup_whileAnswerIsUnderWay_passesTheQueue() {
    CallWorld world = new CallWorld().available(JULIET).announce();
    IQ answer = world.sends(JULIET, ANSWER);
    IQ record = world.sends(JULIET, RECORD);
    IQ hangup = world.sends(JULIET, HANGUP);
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(hangup))).isEqualTo("result");
    assertThat(world.media.askedFor()).containsExactly("answer", "hangup");
    world.media.next().done().completeExceptionally(failure(MediaException.Fault.GONE));
    world.media.end(EndReason.HANGUP_COMMAND);
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(answer))).isEqualTo("item-not-found/cancel");
    assertThat(CallWorld.outcome(world.answer(record))).isEqualTo("unexpected-request/wait");
    assertThat(world.wire()).last().isEqualTo("end to juliet");
  }

  @Test
  void hangup_mediaFails_canBeAskedAgain() {
    CallWorld world = CallWorld.answered(JULIET);
    world.sends(JULIET, HANGUP);
    world.deliver().media.next().done().completeExceptionally(failure(MediaException.Fault.FAILED));
    world.deliver();
    assertThat(CallWorld.outcome(world.commands(JULIET, "", HANGUP))).isEqualTo("result");
  }

  @Test
  void mediaEnds_whileAnswerIsUnderWay_commandIsAnsweredThenEnd() {
    CallWorld world = new CallWorld().available(JULIET).announce();
    IQ answer = world.sends(JULIET, ANSWER);
    world.deliver();
    world.media.end(EndReason.HUNGUP);
    world.deliver();
    assertThat(world.wire()).containsExactly("offer to juliet");
    world.media.next().done().completeExceptionally(failure(MediaException.Fault.GONE));
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(answer))).isEqualTo("item-not-found/cancel");
    assertThat(world.wire()).last().isEqualTo("end to juliet");
    assertThat(world.call.isClosed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "WRONG_STATE, unexpected-request/wait",
    "NO_RESOURCES, resource-constraint/wait",
    "UNSUPPORTED, feature-not-implemented/modify",
    "GONE, item-not-found/cancel",
    "FAILED, internal-server-error/wait",
    "CONFIGURATION, resource-constraint/wait"
  })
  void record_mediaRefuses_answersTheTablesErrorAndLeavesNothing(
      MediaException.Fault fault, String error) {
    CallWorld world = CallWorld.answered(JULIET);
    IQ record = world.sends(JULIET, RECORD);
    world.deliver().media.captures.get(0).fail(fault);
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(record))).isEqualTo(error);
    world.media.end(EndReason.HUNGUP);
    world.deliver();
    assertThat(world.wire()).last().isEqualTo("end to juliet");
    assertThat(world.wire()).noneMatch(line -> line.startsWith("complete"));
    assertThat(world.recordings.announced).isEmpty();
  }

  @Test
  void record_journalFailsOrIsSlow_isResourceConstraint() {
    for (Exception trouble :
        List.of(new JournalException("full", new java.io.IOException()), new TimeoutException())) {
      CallWorld world = CallWorld.answered(JULIET);
      world.recordings.quickJournal = false;
      IQ record = world.sends(JULIET, RECORD);
      world.deliver();
      world.recordings.beginnings.get(0).journalled().completeExceptionally(trouble);
      world.deliver();
      assertThat(CallWorld.outcome(world.answer(record))).isEqualTo("resource-constraint/wait");
      assertThat(world.media.captures).isEmpty();
    }
  }

  @Test
  void record_whileItStarts_otherCommandsProceed() {
    CallWorld world = CallWorld.answered(JULIET);
    world.recordings.quickJournal = false;
    IQ record = world.sends(JULIET, RECORD);
    assertThat(CallWorld.outcome(world.commands(JULIET, "", ANSWER))).isEqualTo("result");
    assertThat(world.answer(record)).isEmpty();
  }

  @Test
  void record_endsBeforeItsBeginningIsKnown_refComesBeforeComplete() {
    CallWorld world = CallWorld.answered(JULIET);
    world.sends(JULIET, RECORD);
    world.deliver();
    FakeMediaCall.Capture capture = world.media.captures.get(0);
    world.media.ended(capture, Cause.HANGUP);
    world.media.end(EndReason.HUNGUP);
    world.deliver();
    assertThat(world.wire()).doesNotContain("complete to juliet", "end to juliet");
    capture.begin();
    world.deliver();
    assertThat(world.wire()).endsWith("ref to juliet", "complete to juliet", "end to juliet");
  }

  @Test
  void record_twoAtOnce_eachCompletesAndThenTheCallEnds() {
    CallWorld world = CallWorld.answered(JULIET);
    world.recordings.quickDelivery = false;
    world.records(JULIET);
    world.records(JULIET);
    world.media.end(EndReason.HUNGUP);
    world.media.ended(world.media.captures.get(0), Cause.HANGUP);
    world.media.ended(world.media.captures.get(1), Cause.HANGUP);
    world.deliver().recordings.finishings.get(1).deliver();
    world.deliver();
    assertThat(world.wire()).last().isEqualTo("complete to juliet");
    world.recordings.finishings.get(0).deliver();
    world.deliver();
    assertThat(world.wire()).endsWith("complete to juliet", "complete to juliet", "end to juliet");
  }

  @Test
  void recordingEnded_toldTwice_completesOnce() {
    CallWorld world = CallWorld.answered(JULIET);
    world.records(JULIET);
    world.media.ended(world.media.captures.get(0), Cause.STOP);
    world.media.ended(world.media.captures.get(0), Cause.HANGUP);
    world.deliver();
    assertThat(world.wire()).containsOnlyOnce("complete to juliet");
  }

  @Test
  void stop_result_comesBeforeComplete() {
    CallWorld world = CallWorld.answered(JULIET);
    String component = world.records(JULIET);
    world.sends(JULIET, component, STOP);
    world.deliver();
    assertThat(world.media.captures.get(0).commands).containsExactly("stop");
    world.media.ended(world.media.captures.get(0), Cause.STOP);
    world.deliver();
    assertThat(world.wire()).endsWith("result to juliet", "complete to juliet");
    Presence complete = (Presence) world.stream.sent().get(world.stream.sent().size() - 1);
    assertThat(complete.getFrom().getResource()).isEqualTo(component);
    assertThat(complete.getType()).isEqualTo(Presence.Type.unavailable);
    assertThat(complete.toXML())
        .contains("<stop", "duration=\"1500\"", "size=\"4321\"", "uri=\"file:/recordings/");
  }

  @Test
  void componentCommand_notOfItsOwner_isConflict() {
    CallWorld world = CallWorld.answered(JULIET, ROMEO);
    String component = world.records(JULIET);
    assertThat(CallWorld.outcome(world.commands(ROMEO, component, PAUSE)))
        .isEqualTo("conflict/cancel");
    assertThat(CallWorld.outcome(world.commands(TYBALT, component, STOP)))
        .isEqualTo("conflict/cancel");
    assertThat(world.media.captures.get(0).commands).isEmpty();
  }

  @Test
  void complete_whenTheServerHasRoutedIt_isAnnounced() {
    CallWorld world = CallWorld.answered(JULIET);
    world.records(JULIET);
    world.media.ended(world.media.captures.get(0), Cause.MAX_DURATION);
    world.deliver();
    assertThat(world.recordings.announced).isEmpty();
    world.pings.result(new JID(CallWorld.DOMAIN));
    assertThat(world.recordings.announced).hasSize(1);
  }

  @Test
  void complete_recordingIsLost_isAnErrorWithoutRecording() {
    CallWorld world = CallWorld.answered(JULIET);
    world.recordings.quickDelivery = false;
    world.records(JULIET);
    world.media.ended(world.media.captures.get(0), Cause.STOP);
    world.deliver();
    FakeRecordings.Finishing finishing = world.recordings.finishings.get(0);
    finishing
        .done()
        .complete(Finished.lost(finishing.manifest(), finishing.captured(), FakeRecordings.AT));
    world.deliver();
    String complete = world.stream.sent().get(world.stream.sent().size() - 1).toXML();
    assertThat(complete).contains("<error").doesNotContain("<recording");
  }

  @Test
  void end_goesToAllOfferedAndToWhoeverCommanded() {
    CallWorld world = CallWorld.answered(JULIET, ROMEO);
    world.commands(TYBALT, "", HANGUP);
    world.media.end(EndReason.HUNGUP);
    world.deliver();
    assertThat(world.wire()).endsWith("end to juliet", "end to romeo", "end to tybalt");
    assertThat(world.stream.sent().get(world.stream.sent().size() - 1).toXML())
        .contains("<hungup platform-code=\"16\"");
    assertThat(world.call.isClosed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"reject, REJECTED", "redirect, REJECTED"})
  void rejectOrRedirect_done_callIsOver(String what, EndReason reason) {
    CallWorld world = new CallWorld().available(JULIET).announce();
    IQ command = world.sends(JULIET, what.equals("reject") ? REJECT : REDIRECT);
    world.deliver();
    assertThat(world.media.askedFor().get(0)).startsWith(what);
    world.media.end(reason);
    world.media.next().done().complete(null);
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(command))).isEqualTo("result");
    assertThat(world.wire()).endsWith("result to juliet", "end to juliet");
  }

  @Test
  void shutdown_hangsUpAndRecordingsAreDelivered() {
    CallWorld world = CallWorld.answered(JULIET);
    world.records(JULIET);
    world.mailbox.add(new CallActor.Shutdown());
    world.deliver();
    assertThat(world.media.askedFor()).endsWith("hangup");
    assertThat(CallWorld.outcome(world.commands(JULIET, "", RECORD)))
        .isEqualTo("unexpected-request/wait");
    world.media.end(EndReason.HANGUP_COMMAND);
    world.media.ended(world.media.captures.get(0), Cause.HANGUP);
    world.deliver();
    assertThat(world.wire()).endsWith("complete to juliet", "end to juliet");
  }

  @Test
  void controllerAway_longerThanTheGrace_callIsHungUpAndRecordingKept() {
    CallWorld world = CallWorld.answered(JULIET);
    world.records(JULIET);
    world.unavailable(JULIET).deliver();
    world.clock.pass(CallWorld.GRACE.minusSeconds(1));
    assertThat(world.deliver().media.askedFor()).doesNotContain("hangup");
    world.clock.pass(Duration.ofSeconds(2));
    assertThat(world.deliver().media.askedFor()).contains("hangup");
    world.media.end(EndReason.HANGUP_COMMAND);
    world.media.ended(world.media.captures.get(0), Cause.HANGUP);
    world.deliver();
    assertThat(world.wire()).doesNotContain("complete to juliet");
    assertThat(world.recordings.finishings).hasSize(1);
    world.available(JULIET);
    assertThat(world.wire()).endsWith("complete to juliet", "end to juliet");
  }

  @Test
  void controllerAway_backInTime_callGoesOn() {
    CallWorld world = CallWorld.answered(JULIET);
    world.unavailable(JULIET).deliver();
    world.clock.pass(CallWorld.GRACE.dividedBy(2));
    world.available(JULIET).deliver();
    world.clock.pass(CallWorld.GRACE.multipliedBy(2));
    assertThat(world.deliver().media.askedFor()).doesNotContain("hangup");
  }

  private static MediaException failure(MediaException.Fault fault) {
    return new MediaException(fault, "no: " + fault);
  }
}
