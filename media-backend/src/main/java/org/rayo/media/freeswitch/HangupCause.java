package org.rayo.media.freeswitch;

import java.util.Map;
import java.util.Optional;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent.EndReason;

/**
 * Why a channel ended, as FreeSWITCH names it: Q.850's causes and some of its own.
 *
 * <p>Only a cause of Q.850 has a code that others understand: 1 to 127.
 */
record HangupCause(String name) {

  static final HangupCause NORMAL_CLEARING = new HangupCause("NORMAL_CLEARING");

  /** Told by FreeSWITCH as SIP 408 before the answer. */
  static final HangupCause NO_ANSWER = new HangupCause("NO_USER_RESPONSE");

  /** SIP 480. */
  static final HangupCause UNAVAILABLE = new HangupCause("NORMAL_UNSPECIFIED");

  /** SIP 503. */
  static final HangupCause CONGESTION = new HangupCause("SWITCH_CONGESTION");

  private static final HangupCause BUSY = new HangupCause("USER_BUSY");
  private static final HangupCause REJECTED = new HangupCause("CALL_REJECTED");

  /** How a call ends that is ended so by others, where it is not {@link EndReason#ERROR}. */
  private static final Map<String, EndReason> REASONS =
      Map.ofEntries(
          Map.entry("NORMAL_CLEARING", EndReason.HUNGUP),
          Map.entry("NORMAL_UNSPECIFIED", EndReason.HUNGUP),
          Map.entry("ORIGINATOR_CANCEL", EndReason.HUNGUP),
          Map.entry("LOSE_RACE", EndReason.HUNGUP),
          Map.entry("PICKED_OFF", EndReason.HUNGUP),
          Map.entry("ATTENDED_TRANSFER", EndReason.HUNGUP),
          Map.entry("BLIND_TRANSFER", EndReason.HUNGUP),
          Map.entry("MANAGER_REQUEST", EndReason.HUNGUP),
          Map.entry("USER_BUSY", EndReason.BUSY),
          Map.entry("BUSY_EVERYWHERE", EndReason.BUSY),
          Map.entry("NO_USER_RESPONSE", EndReason.TIMEOUT),
          Map.entry("NO_ANSWER", EndReason.TIMEOUT),
          Map.entry("SUBSCRIBER_ABSENT", EndReason.TIMEOUT),
          Map.entry("ALLOTTED_TIMEOUT", EndReason.TIMEOUT),
          Map.entry("PROGRESS_TIMEOUT", EndReason.TIMEOUT),
          Map.entry("RECOVERY_ON_TIMER_EXPIRE", EndReason.TIMEOUT),
          Map.entry("CALL_REJECTED", EndReason.REJECTED),
          Map.entry("REJECT_ALL", EndReason.REJECTED),
          Map.entry("DECLINE", EndReason.REJECTED),
          Map.entry("UNALLOCATED_NUMBER", EndReason.REJECTED),
          Map.entry("NO_ROUTE_DESTINATION", EndReason.REJECTED),
          Map.entry("NUMBER_CHANGED", EndReason.REJECTED),
          Map.entry("REDIRECTION_TO_NEW_DESTINATION", EndReason.REJECTED),
          Map.entry("INVALID_NUMBER_FORMAT", EndReason.REJECTED),
          Map.entry("OUTGOING_CALL_BARRED", EndReason.REJECTED),
          Map.entry("INCOMING_CALL_BARRED", EndReason.REJECTED),
          Map.entry("BEARERCAPABILITY_NOTAUTH", EndReason.REJECTED),
          Map.entry("INCOMPATIBLE_DESTINATION", EndReason.REJECTED),
          Map.entry("DOES_NOT_EXIST_ANYWHERE", EndReason.REJECTED),
          Map.entry("NOT_ACCEPTABLE", EndReason.REJECTED),
          Map.entry("UNWANTED", EndReason.REJECTED));

  /** The one that makes FreeSWITCH refuse a call so. */
  static HangupCause of(RejectReason reason) {
    return switch (reason) {
      case DECLINE -> REJECTED;
      case BUSY -> BUSY;
      case ERROR -> CONGESTION;
      case UNAVAILABLE -> UNAVAILABLE;
    };
  }

  /**
   * How the call ended that the other side ended.
   *
   * @param wasAnswered afterwards what is no error is a hang-up
   */
  EndReason reason(boolean wasAnswered) {
    EndReason reason = REASONS.getOrDefault(name, EndReason.ERROR);
    return wasAnswered && reason != EndReason.ERROR ? EndReason.HUNGUP : reason;
  }

  /**
   * The code told to clients.
   *
   * @param q850 FreeSWITCH's own number of the cause, which is of Q.850 up to 127
   */
  static Optional<String> platformCode(Optional<String> q850) {
    return q850.filter(text -> text.matches("[1-9][0-9]?|1[01][0-9]|12[0-7]"));
  }

  @Override
  public String toString() {
    return name;
  }
}
