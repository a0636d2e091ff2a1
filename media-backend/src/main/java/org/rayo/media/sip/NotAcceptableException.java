package org.rayo.media.sip;

/** An offer or answer that was understood, and with which there can be no audio (SIP 488). */
final class NotAcceptableException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int warnCode;
  private final String problem;

  /**
   * Nothing in common, or nothing that can be used.
   *
   * @param warnCode of the Warning header (RFC 3261, section 20.43)
   * @param problem in words, printable ASCII without quotes
   */
  NotAcceptableException(int warnCode, String problem) {
    super(problem);
    this.warnCode = warnCode;
    this.problem = problem;
  }

  /** What keeps the two sides from agreeing. */
  String problem() {
    return problem;
  }

  int warnCode() {
    return warnCode;
  }
}
