package org.rayo.notice;

/** A notice could not be written down, or the queue of notices cannot be used. Has no secrets. */
public final class NoticeException extends Exception {

  private static final long serialVersionUID = 1L;

  public NoticeException(String message) {
    super(message);
  }

  public NoticeException(String message, Throwable cause) {
    super(message, cause);
  }
}
