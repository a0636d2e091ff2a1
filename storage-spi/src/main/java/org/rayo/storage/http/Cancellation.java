package org.rayo.storage.http;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Ends a request that is under way, and any that would follow. Thread-safe. */
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

  synchronized void cancel() {
    cancelled = true;
    Future<?> request = underWay;
    if (request != null) {
      request.cancel(true);
    }
  }
}
