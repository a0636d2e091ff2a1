package org.rayo.media.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.CapturedRecording;
import org.rayo.media.DialRequest;
import org.rayo.media.Header;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.IncomingCall;
import org.rayo.testkit.phone.SoftPhone;

/** Calls that the backend places. */
abstract class DialContract extends BackendContract {

  private DialRequest to(SoftPhone phone) {
    return new DialRequest(
        world().address(phone), Optional.empty(), List.of(), Optional.of(Duration.ofSeconds(30)));
  }

  private MediaCall dial(DialRequest request) throws Exception {
    return Told.done(world().backend().dial(request));
  }

  @Test
  void dial_answeredThenHungUpByUs_everyStepIsTold() throws Exception {
    SoftPhone phone = phone(Answering.whenTold().saying(Hearing.tone(700)));
    MediaCall call =
        dial(
            new DialRequest(
                world().address(phone),
                Optional.of(URI.create("sip:4085550100@example.net")),
                List.of(new Header("X-Queue", "7, 'a' {b}")),
                Optional.empty()));
    Told told = Told.of(call);
    IncomingCall ringing = World.incoming(phone);
    assertThat(call.isOutbound()).isTrue();
    assertThat(ringing.inviteHeader("X-Queue")).containsExactly("7, 'a' {b}");
    assertThat(ringing.invite()).contains("sip:4085550100@");
    told.await(MediaEvent.Ringing.class);
    assertThat(Told.fault(call.answer(List.of()))).isEqualTo(Fault.WRONG_STATE);
    ringing.answer();
    told.await(MediaEvent.Answered.class);
    Taken taken = record(call, told, wav(Direction.SEND), "r1");
    Thread.sleep(1000);
    Told.done(call.hangup(List.of()));
    assertThat(ringing.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(HangupCause.REMOTE_BYE);
    assertThat(told.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    CapturedRecording captured = taken.awaitEnd();
    assertThat(captured.cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
    assertThat(Hearing.samplesOf(decoded(captured).channel(0), 700)).isGreaterThan(4000);
    assertThat(told.rest()).isEmpty();
  }

  @Test
  void dial_hungUpByThePhone_hungUp() throws Exception {
    SoftPhone phone = phone(Answering.atOnce());
    Told told = Told.of(dial(to(phone)));
    told.await(MediaEvent.Answered.class);
    World.incoming(phone).hangup();
    assertThat(told.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
  }

  @ParameterizedTest
  @CsvSource({"486,BUSY", "603,REJECTED", "404,REJECTED", "480,TIMEOUT", "408,TIMEOUT"})
  void dial_refused_endsWithItsReason(int status, EndReason reason) throws Exception {
    SoftPhone phone = phone(Answering.refusing(status));
    MediaEvent.Ended ended = Told.of(dial(to(phone))).awaitEnd();
    assertThat(ended.platformCode()).isPresent();
    assertThat(ended.reason()).isEqualTo(reason);
  }

  @Test
  void dial_notAnsweredInTime_timeoutAndThePhoneStopsRinging() throws Exception {
    SoftPhone phone = phone(Answering.whenTold());
    DialRequest request =
        new DialRequest(
            world().address(phone),
            Optional.empty(),
            List.of(),
            Optional.of(Duration.ofSeconds(1)));
    Told told = Told.of(dial(request));
    assertThat(told.awaitEnd().reason()).isEqualTo(EndReason.TIMEOUT);
    assertThat(World.incoming(phone).ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(HangupCause.CANCELLED);
  }

  @Test
  void hangup_whileItRings_thePhoneStopsRinging() throws Exception {
    SoftPhone phone = phone(Answering.whenTold());
    MediaCall call = dial(to(phone));
    Told told = Told.of(call);
    told.await(MediaEvent.Ringing.class);
    Told.done(call.hangup(List.of()));
    assertThat(told.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    assertThat(World.incoming(phone).ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(HangupCause.CANCELLED);
  }

  @Test
  void dial_ofWhatCannotBeCalled_refusedAndThereIsNoCall() throws Exception {
    DialRequest web =
        new DialRequest(
            URI.create("http://example.net/"), Optional.empty(), List.of(), Optional.empty());
    assertThat(Told.fault(world().backend().dial(web))).isEqualTo(Fault.REFUSED);
  }
}
