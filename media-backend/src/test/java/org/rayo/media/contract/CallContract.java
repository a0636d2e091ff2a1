package org.rayo.media.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.DetectionRequest;
import org.rayo.media.Header;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.Signal;
import org.rayo.testkit.phone.HangupCause;

/** Calls that ring in: offered, answered, refused, ended by either side. */
abstract class CallContract extends BackendContract {

  @Test
  void incoming_ofAPhone_whoCallsWhomAndItsHeadersAreTold() throws Exception {
    World.Rung rung =
        kept(
            world()
                .ring(
                    world()
                        .call()
                        .header("X-Account", "42")
                        .header("X-Trace", "a b:c%d,é\"'")
                        .build()));
    assertThat(rung.call().isOutbound()).isFalse();
    assertThat(rung.call().from().toString()).startsWith("sip:1234@");
    assertThat(rung.call().to().toString()).startsWith("sip:");
    assertThat(rung.call().signallingId()).isNotEmpty();
    assertThat(rung.call().headers())
        .contains(new Header("X-Account", "42"), new Header("X-Trace", "a b:c%d,é\"'"));
    assertThat(rung.phone().statusesReceived()).doesNotContain(180, 183, 200);
  }

  @Test
  void acceptAnswerHangup_phoneSeesEachAndTheEndIsOurs() throws Exception {
    World.Rung rung = kept(world().ring());
    Told.done(rung.call().accept(List.of()));
    Told.done(rung.call().accept(List.of()));
    assertThat(ringing(rung)).isEqualTo(180);
    Told.done(rung.call().answer(List.of()));
    rung.phone().answered().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(Told.fault(rung.call().answer(List.of()))).isEqualTo(Fault.WRONG_STATE);
    assertThat(Told.fault(rung.call().reject(RejectReason.BUSY, List.of())))
        .isEqualTo(Fault.WRONG_STATE);
    Told.done(rung.call().hangup(List.of()));
    assertThat(ended(rung)).isEqualTo(HangupCause.REMOTE_BYE);
    assertThat(rung.told().awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    assertThat(Told.fault(rung.call().hangup(List.of()))).isEqualTo(Fault.GONE);
    assertThat(Told.fault(rung.call().answer(List.of()))).isEqualTo(Fault.GONE);
    assertThat(rung.told().rest()).isEmpty();
  }

  private static int ringing(World.Rung rung) throws Exception {
    return rung.phone().ringing().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static HangupCause ended(World.Rung rung) throws Exception {
    return rung.phone().ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({"DECLINE,603 ", "BUSY,486 ", "ERROR,50", "UNAVAILABLE,480 "})
  void reject_eachReason_phoneGetsItsStatus(RejectReason reason, String status) throws Exception {
    World.Rung rung = kept(world().ring());
    Told.done(rung.call().reject(reason, List.of()));
    assertThatThrownBy(
            () -> rung.phone().answered().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .hasMessageContaining(": " + status);
    assertThat(rung.told().awaitEnd().reason()).isEqualTo(EndReason.REJECTED);
  }

  @Test
  void redirect_unanswered_phoneIsSentThere() throws Exception {
    World.Rung rung = kept(world().ring());
    Told.done(rung.call().redirect(URI.create("sip:bob@example.com:5070"), List.of()));
    assertThatThrownBy(
            () -> rung.phone().answered().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .hasMessageContaining("302")
        .hasMessageContaining("sip:bob@example.com:5070");
    assertThat(rung.told().awaitEnd().reason()).isEqualTo(EndReason.REJECTED);
  }

  @Test
  void hangup_unanswered_phoneIsRefused() throws Exception {
    World.Rung rung = kept(world().ring());
    Told.done(rung.call().accept(List.of()));
    Told.done(rung.call().hangup(List.of()));
    assertThat(ended(rung)).isEqualTo(HangupCause.REFUSED);
    assertThat(rung.told().awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
  }

  @Test
  void bye_ofThePhone_hungUpOnce() throws Exception {
    World.Rung rung = kept(world().answered());
    rung.phone().hangup();
    assertThat(rung.told().awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
    assertThat(Told.fault(rung.call().hangup(List.of()))).isEqualTo(Fault.GONE);
    assertThat(rung.told().rest()).isEmpty();
  }

  @Test
  void cancel_whileItRings_hungUp() throws Exception {
    World.Rung rung = kept(world().ring());
    Told.done(rung.call().accept(List.of()));
    ringing(rung);
    rung.phone().hangup();
    assertThat(rung.told().awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
    assertThat(ended(rung)).isEqualTo(HangupCause.CANCELLED);
    assertThat(Told.fault(rung.call().answer(List.of()))).isEqualTo(Fault.GONE);
  }

  @Test
  void listener_late_getsWhatCameBefore() throws Exception {
    World.Rung rung = kept(world().ring());
    rung.phone().hangup();
    ended(rung);
    assertThat(rung.told().awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
  }

  @Test
  void keys_pressedByThePhone_eachIsToldOnce() throws Exception {
    World.Rung rung = kept(world().answered());
    Told.done(rung.call().detect(new DetectionRequest("d1", Set.of(Signal.Kind.KEY))));
    for (char key : "19*#".toCharArray()) {
      rung.phone().press(key).toCompletableFuture().get(20, TimeUnit.SECONDS);
      MediaEvent.Detected detected = rung.told().await(MediaEvent.Detected.class);
      assertThat(detected.detectionId()).isEqualTo("d1");
      assertThat(detected.signal().kind()).isEqualTo(Signal.Kind.KEY);
      assertThat(detected.signal().value()).isEqualTo(Optional.of(key));
    }
    rung.phone().hangup();
    rung.told().awaitEnd();
    assertThat(rung.told().rest()).isEmpty();
  }

  @Test
  void headers_thatCannotBeSent_areRefusedAndNothingIsDone() throws Exception {
    World.Rung rung = kept(world().ring());
    for (Header bad :
        List.of(new Header("Via", "x"), new Header("Contact", "x"), new Header("Call-ID", "x"))) {
      assertThat(Told.fault(rung.call().answer(List.of(bad)))).isEqualTo(Fault.UNSUPPORTED);
    }
    Told.done(rung.call().accept(List.of()));
    assertThat(ringing(rung)).isEqualTo(180);
  }
}
