package org.rayo.recording;

/** The spool could not be read or written; what it held before is as it was. */
public final class JournalException extends Exception {

  private static final long serialVersionUID = 1L;

  public JournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
