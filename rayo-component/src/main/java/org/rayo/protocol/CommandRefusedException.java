package org.rayo.protocol;

/** A command that is refused for what is written in it; nothing has been begun. */
public final class CommandRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient StanzaError error;

  public CommandRefusedException(StanzaError error) {
    super(error.text());
    this.error = error;
  }

  public StanzaError error() {
    return error;
  }
}
