package org.rayo.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    /** What the store holds is not what was sent, or not what was to be: a new upload may do. */
    CORRUPTED(true),
    /** The local file is not there. */
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

  /**
   * What to say when a local file cannot be read. Only one that is certainly not there, or is a
   * directory, is the {@link Fault#SOURCE source's} fault for ever; one that ends too early is
   * {@link Fault#CORRUPTED}; and too many open files, a disk's error or a file system that has gone
   * away may pass, so they are {@link Fault#UNAVAILABLE}.
   */
  public static StorageException unreadable(Path path, IOException cause) {
    Fault fault = Fault.UNAVAILABLE;
    if (cause instanceof EOFException) {
      fault = Fault.CORRUPTED;
    } else if (Files.notExists(path) || Files.isDirectory(path)) {
      fault = Fault.SOURCE;
    }
    return new StorageException(fault, "cannot read " + path, cause);
  }

  public Fault fault() {
    return fault;
  }

  /** How long the store wants to be left alone, where it has said so; not negative. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
