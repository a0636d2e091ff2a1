package org.rayo.storage.http;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

/** Ends a request that is under way, a pause, and any that would follow. Thread-safe. */
final class Cancellation {

  private @Nullable Future<?> underWay;
  private boolean cancelled;

  /** This is under way now; it is ended at once if everything has been cancelled already. */
  synchronized void register(Future<?> request) {
    underWay = request;
    if (cancelled) {
      request.cancel(true);
    }
  }

  /**
   * Waits for so long.
   *
   * @throws StorageException everything has been cancelled, or the thread was interrupted
   */
  synchronized void pause(Duration duration) throws StorageException {
    long endNanos = System.nanoTime() + duration.toNanos();
    try {
      long leftNanos = duration.toNanos();
      while (!cancelled && leftNanos > 0) {
        // Rounded up: wait(0) would be for ever.
        wait(leftNanos / 1_000_000 + 1);
        leftNanos = endNanos - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(Fault.UNAVAILABLE, "interrupted while waiting", e);
    }
    if (cancelled) {
      throw new StorageException(Fault.UNAVAILABLE, "the upload was given up");
    }
  }

  synchronized void cancel() {
    cancelled = true;
    notifyAll();
    Future<?> request = underWay;
    if (request != null) {
      request.cancel(true);
    }
  }
}
