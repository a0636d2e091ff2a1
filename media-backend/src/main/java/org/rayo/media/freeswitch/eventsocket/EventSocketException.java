package org.rayo.media.freeswitch.eventsocket;

/** A command was not answered, or what came over an event socket is not its protocol. */
public final class EventSocketException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why, and so what can be done next. */
  public enum Kind {
    /** FreeSWITCH did not answer in time. It may have done the command, or may do it yet. */
    TIMEOUT,
    /** There is no connection, or it broke first. FreeSWITCH may have done the command. */
    LOST,
    /** The connection has been closed by us. */
    CLOSED,
    /** Too much waits for FreeSWITCH already; the command was not sent. */
    BUSY,
    /** What came is malformed or too long; the connection ends. */
    PROTOCOL
  }

  private final Kind kind;

  public EventSocketException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
