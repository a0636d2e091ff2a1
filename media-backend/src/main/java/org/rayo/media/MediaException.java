package org.rayo.media;

/** Something that was asked of a media backend was not done; nothing of it remains. */
public final class MediaException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Whose fault it is, and so what can be done next. */
  public enum Fault {
    /** The configuration cannot be used as it is: a port in use, an address that is not ours. */
    CONFIGURATION,
    /** The call is in a state in which this cannot be done; it may be possible later. */
    WRONG_STATE,
    /** The backend has no room (ports, encoders, recordings at once); later it may have. */
    NO_RESOURCES,
    /** The backend cannot do this at all, or not with this option. */
    UNSUPPORTED,
    /** What was asked for is wrong or not permitted: an address, a file. Its message says which. */
    REFUSED,
    /** It would break something that is there: another join. */
    CONFLICT,
    /** The call is over. */
    GONE,
    /** The backend tried and failed. */
    FAILED
  }

  private final Fault fault;

  public MediaException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public MediaException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
