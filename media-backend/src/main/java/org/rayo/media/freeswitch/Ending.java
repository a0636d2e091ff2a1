package org.rayo.media.freeswitch;

import java.util.List;
import java.util.Optional;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;

/**
 * How FreeSWITCH says that a channel ended.
 *
 * @param q850 its number of the cause, where it gives one
 * @param headers of the other side's BYE
 */
record Ending(HangupCause cause, Optional<String> q850, List<Header> headers) {

  Ending {
    headers = List.copyOf(headers);
  }

  /** Of {@code CHANNEL_HANGUP_COMPLETE}. */
  static Ending of(SwitchEvent hangup) {
    return new Ending(
        hangup.header("Hangup-Cause").map(HangupCause::new).orElse(HangupCause.NORMAL_CLEARING),
        hangup.variable("hangup_cause_q850"),
        ChannelHeaders.toldOfBye(hangup));
  }

  /**
   * What becomes of it when others ended the call.
   *
   * @param wasAnswered whether it had been answered before
   */
  Told byOthers(boolean wasAnswered) {
    return byUs(cause.reason(wasAnswered));
  }

  /** The same when we did, for this reason. */
  Told byUs(EndReason reason) {
    return new Told(reason, HangupCause.platformCode(q850), headers);
  }

  /** What the listener hears. */
  record Told(EndReason reason, Optional<String> platformCode, List<Header> headers) {
    Told {
      headers = List.copyOf(headers);
    }
  }
}
