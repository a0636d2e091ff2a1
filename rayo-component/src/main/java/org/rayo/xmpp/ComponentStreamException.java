package org.rayo.xmpp;

/** A stream or a query on it failed. */
public final class ComponentStreamException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is and what can be done. */
  public enum Kind {
    /** The server could not be reached or did not answer like an XMPP server; may pass. */
    UNREACHABLE,
    /** The server refused the domain or the secret; the configuration must change. */
    REFUSED,
    /** There is no connection, or it went while an answer was awaited. */
    DISCONNECTED,
    /** No answer came in time. */
    TIMED_OUT,
    /** This stream was closed by its owner. */
    CLOSED
  }

  private final Kind kind;

  /** Creates one with a message for a person to read. */
  public ComponentStreamException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Creates one with the exception that led to it. */
  public ComponentStreamException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Whose fault it is. */
  public Kind kind() {
    return kind;
  }
}
