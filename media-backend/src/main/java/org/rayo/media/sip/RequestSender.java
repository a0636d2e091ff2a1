package org.rayo.media.sip;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.rayo.media.MediaException;
import org.rayo.media.call.CallQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one call's requests one after the other, on threads that a slow connection may hold up. */
final class RequestSender {

  private static final Logger log = LoggerFactory.getLogger(RequestSender.class);

  private final CallQueue queue;

  RequestSender(Executor threads) {
    this.queue = new CallQueue(threads);
  }

  /**
   * Sends, after what was handed in before.
   *
   * @param call for the log
   * @param failed hears when it was not sent, on any thread
   */
  void send(Object call, Sending request, Consumer<MediaException> failed) {
    try {
      queue.execute(() -> now(call, request, failed));
    } catch (RejectedExecutionException closed) {
      log.debug("{}: a request was not sent, the endpoint is closed", call);
      failed.accept(new MediaException(MediaException.Fault.FAILED, "SIP is closed", closed));
    }
  }

  private static void now(Object call, Sending request, Consumer<MediaException> failed) {
    try {
      request.send();
    } catch (MediaException e) {
      log.debug("{}: {}", call, e.getMessage());
      failed.accept(e);
    } catch (RuntimeException e) { // the stack's, when it is being stopped
      log.debug("{}: a request was not sent", call, e);
      failed.accept(new MediaException(MediaException.Fault.FAILED, "not sent: " + e, e));
    }
  }

  /** Sends a request. */
  @FunctionalInterface
  interface Sending {
    void send() throws MediaException;
  }
}
