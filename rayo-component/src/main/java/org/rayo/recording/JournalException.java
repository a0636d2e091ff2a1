package org.rayo.recording;

/** The spool could not be read or written; what it held before is as it was. */
public final class JournalException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What kept it from being done. */
  public enum Fault {
    /** There is too little room; the message says so to a client. */
    FULL,
    /** The disk refused; the message is for the log. */
    FAILED
  }

  private final Fault fault;

  public JournalException(String message) {
    super(message);
    fault = Fault.FAILED;
  }

  public JournalException(String message, Throwable cause) {
    this(Fault.FAILED, message, cause);
  }

  public JournalException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
