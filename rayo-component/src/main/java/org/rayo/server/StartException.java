package org.rayo.server;

import java.util.List;

/** The server cannot be started as it is configured; the message is for whoever starts it. */
public final class StartException extends Exception {

  private static final long serialVersionUID = 1L;

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }

  public StartException(String message) {
    super(message);
  }

  /**
   * @param problems a line each, at least one
   */
  public StartException(List<String> problems) {
    this(String.join(System.lineSeparator(), problems));
  }
}
