package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.Header;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;

class HangupCauseTest {

  @ParameterizedTest
  @CsvSource({
    "NORMAL_CLEARING, HUNGUP, HUNGUP",
    "ORIGINATOR_CANCEL, HUNGUP, HUNGUP",
    "USER_BUSY, BUSY, HUNGUP",
    "NO_ANSWER, TIMEOUT, HUNGUP",
    "NO_USER_RESPONSE, TIMEOUT, HUNGUP",
    "CALL_REJECTED, REJECTED, HUNGUP",
    "UNALLOCATED_NUMBER, REJECTED, HUNGUP",
    "NETWORK_OUT_OF_ORDER, ERROR, ERROR",
    "MEDIA_TIMEOUT, ERROR, ERROR",
    "SOMETHING_NEW, ERROR, ERROR"
  })
  void reason_cause_isTheSpisOwn(String cause, EndReason before, EndReason after) {
    assertThat(new HangupCause(cause).reason(false)).isEqualTo(before);
    assertThat(new HangupCause(cause).reason(true)).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({"DECLINE, CALL_REJECTED", "BUSY, USER_BUSY", "UNAVAILABLE, NORMAL_UNSPECIFIED"})
  void of_rejection_hasACauseOfItsOwn(RejectReason reason, String cause) {
    assertThat(HangupCause.of(reason).name()).isEqualTo(cause);
  }

  @ParameterizedTest
  @CsvSource({"16, 16", "1, 1", "127, 127", "602, ", "0, ", "17x, "})
  void platformCode_isOfQ850Only(String q850, String code) {
    assertThat(HangupCause.platformCode(Optional.of(q850))).isEqualTo(Optional.ofNullable(code));
  }

  @Test
  void ending_ofAHangup_hasCodeAndHeadersOfTheBye() {
    Ending ending =
        Ending.of(
            new SwitchEvent(
                List.of(
                    new SwitchEvent.Field("Event-Name", "CHANNEL_HANGUP_COMPLETE"),
                    new SwitchEvent.Field("Hangup-Cause", "USER_BUSY"),
                    new SwitchEvent.Field("variable_hangup_cause_q850", "17"),
                    new SwitchEvent.Field("variable_sip_bye_h_X-Why", "late")),
                ""));

    assertThat(ending.byOthers(false))
        .isEqualTo(
            new Ending.Told(
                EndReason.BUSY, Optional.of("17"), List.of(new Header("X-Why", "late"))));
    assertThat(ending.byUs(EndReason.HANGUP_COMMAND).reason()).isEqualTo(EndReason.HANGUP_COMMAND);
  }
}
