package org.rayo.testkit.freeswitch;

/** Why a channel ends: the switch's names, their Q.850 numbers, and the SIP status they give. */
enum Cause {
  UNALLOCATED_NUMBER(1, 404),
  NO_ROUTE_DESTINATION(3, 404),
  NORMAL_CLEARING(16, 480),
  USER_BUSY(17, 486),
  NO_USER_RESPONSE(18, 408),
  NO_ANSWER(19, 480),
  SUBSCRIBER_ABSENT(20, 480),
  CALL_REJECTED(21, 603),
  NUMBER_CHANGED(22, 410),
  DESTINATION_OUT_OF_ORDER(27, 502),
  INVALID_NUMBER_FORMAT(28, 484),
  NORMAL_UNSPECIFIED(31, 480),
  NETWORK_OUT_OF_ORDER(38, 503),
  NORMAL_TEMPORARY_FAILURE(41, 503),
  SWITCH_CONGESTION(42, 503),
  SERVICE_UNAVAILABLE(63, 480),
  INCOMPATIBLE_DESTINATION(88, 488),
  MANDATORY_IE_MISSING(96, 480),
  RECOVERY_ON_TIMER_EXPIRE(102, 504),
  INTERWORKING(127, 480),
  ORIGINATOR_CANCEL(487, 487),
  ALLOTTED_TIMEOUT(602, 480),
  MANAGER_REQUEST(503, 480);

  private final int code;
  private final int sipStatus;

  Cause(int code, int sipStatus) {
    this.code = code;
    this.sipStatus = sipStatus;
  }

  /** What a call that was not answered is refused with. */
  int sipStatus() {
    return sipStatus;
  }

  /** What variable_hangup_cause_q850 says: 16 for those that Q.850 does not know. */
  int q850() {
    return code < 128 ? code : NORMAL_CLEARING.code;
  }

  /** What variable_sip_term_cause says. */
  int code() {
    return code;
  }

  /** By name or by number; what it does not know is NORMAL_CLEARING. */
  static Cause named(String text) {
    for (Cause cause : values()) {
      if (cause.name().equalsIgnoreCase(text) || Integer.toString(cause.code).equals(text)) {
        return cause;
      }
    }
    return NORMAL_CLEARING;
  }

  /** What a refusal of a call out, or of {@code respond}, amounts to. */
  static Cause ofStatus(int status) {
    return switch (status) {
      case 200 -> NORMAL_CLEARING;
      case 401, 402, 403, 407, 603 -> CALL_REJECTED;
      case 404 -> UNALLOCATED_NUMBER;
      case 485, 604 -> NO_ROUTE_DESTINATION;
      case 408, 504 -> RECOVERY_ON_TIMER_EXPIRE;
      case 410 -> NUMBER_CHANGED;
      case 413, 414, 416, 420, 421, 423, 505, 513 -> INTERWORKING;
      case 480 -> NO_USER_RESPONSE;
      case 400, 481, 500, 503 -> NORMAL_TEMPORARY_FAILURE;
      case 486, 600 -> USER_BUSY;
      case 484 -> INVALID_NUMBER_FORMAT;
      case 488, 606 -> INCOMPATIBLE_DESTINATION;
      case 502 -> NETWORK_OUT_OF_ORDER;
      case 405 -> SERVICE_UNAVAILABLE;
      case 406, 415, 501 -> NORMAL_UNSPECIFIED;
      case 482, 483 -> NORMAL_UNSPECIFIED;
      case 487 -> ORIGINATOR_CANCEL;
      default -> NORMAL_UNSPECIFIED;
    };
  }
}
