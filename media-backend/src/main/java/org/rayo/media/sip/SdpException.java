package org.rayo.media.sip;

/** A session description that cannot be read. */
final class SdpException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int line;
  private final String problem;

  /**
   * Text that is no session description, or one beyond the bounds.
   *
   * @param line the number of the line, from 1; 0 when the problem is of the whole text
   * @param problem what is wrong there
   */
  SdpException(int line, String problem) {
    super(told(line, problem));
    this.line = line;
    this.problem = told(line, problem);
  }

  /** What is wrong, and where, in one line. */
  String problem() {
    return problem;
  }

  private static String told(int line, String problem) {
    return line > 0 ? "SDP line " + line + ": " + problem : "SDP: " + problem;
  }

  int line() {
    return line;
  }
}
