package org.rayo.storage;

/** A store did not do what was asked of it. */
public final class StorageException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Whose fault it is, and so whether trying again can help. */
  public enum Fault {
    /** The store is configured wrongly; trying again helps once somebody has mended that. */
    CONFIGURATION(false),
    /** The store is out of reach, overloaded or full for now. */
    UNAVAILABLE(true),
    /** The store has looked at this recording and does not want it. */
    REFUSED(false),
    /** What the store holds is not what was sent. */
    CORRUPTED(true),
    /** The local file cannot be read. */
    SOURCE(false);

    private final boolean retryable;

    Fault(boolean retryable) {
      this.retryable = retryable;
    }

    /** Trying the same again later may succeed without anybody's help. */
    public boolean retryable() {
      return retryable;
    }
  }

  private final Fault fault;

  public StorageException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public StorageException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
