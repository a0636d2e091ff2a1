package org.rayo.storage;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable Duration retryAfter;

  public StorageException(Fault fault, String message) {
    super(message);
    this.fault = fault;
    retryAfter = null;
  }

  public StorageException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
    retryAfter = null;
  }

  /** A store that says itself when to come again. */
  public StorageException(Fault fault, String message, Optional<Duration> retryAfter) {
    super(message);
    this.fault = fault;
    this.retryAfter = retryAfter.orElse(null);
  }

  public Fault fault() {
    return fault;
  }

  /** How long the store wants to be left alone, where it has said so; not negative. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
