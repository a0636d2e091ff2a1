package org.rayo.media;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Carries calls: answers them, plays to them, captures them. One per server.
 *
 * <p>All methods are thread safe and none blocks, but {@link #start} and {@link #close}.
 */
public interface MediaBackend extends AutoCloseable {

  /**
   * Opens the backend's sockets and begins to accept calls.
   *
   * @param listener hears of every incoming call, on a thread of the backend's that it must not
   *     block
   * @throws MediaException when a socket cannot be opened (fault {@link
   *     MediaException.Fault#CONFIGURATION}); nothing stays open then
   */
  void start(IncomingCallListener listener) throws MediaException;

  /**
   * Places a call. Its {@link MediaEvent.Ringing}, {@link MediaEvent.EarlyMedia} and {@link
   * MediaEvent.Answered} tell how it goes, and however that ends, a {@link MediaEvent.Ended}.
   *
   * @return completes when the request is on its way; fails with {@link
   *     MediaException.Fault#REFUSED} for an address that it cannot call, {@link
   *     MediaException.Fault#NO_RESOURCES}; then there is no call and no event
   */
  default CompletionStage<MediaCall> dial(DialRequest request) {
    return CompletableFuture.failedStage(
        new MediaException(
            MediaException.Fault.UNSUPPORTED, "this media backend does not place calls"));
  }

  /**
   * Makes a mixer with nobody in it.
   *
   * @param name for logs; need not be unique
   */
  default CompletionStage<MediaMixer> createMixer(String name) {
    return CompletableFuture.failedStage(
        new MediaException(MediaException.Fault.UNSUPPORTED, "this media backend has no mixers"));
  }

  /** Refuses new calls from now on (SIP 503); those that are up stay up. */
  void drain();

  /**
   * Hangs up a call of a run that has died, of which nobody here knows (SIP: BYE, sent again until
   * it is answered). Nothing is told of it but by the stage. For a started backend.
   *
   * @param dialogState of {@link MediaCall#dialogState}, as the run before kept it
   * @return completes when the other side has answered, whatever it was, or has been given up
   *     (seconds; it is then still asked for a while); fails with {@link
   *     MediaException.Fault#FAILED} when the text cannot be read
   */
  default CompletionStage<Void> endForgotten(String dialogState) {
    return CompletableFuture.failedStage(
        new MediaException(
            MediaException.Fault.FAILED, "this backend's calls do not outlive their server"));
  }

  /**
   * Hangs up what is still up, finishes its recordings, and closes the sockets. Waits for that a
   * bounded time (seconds).
   */
  @Override
  void close();

  /** Hears of incoming calls. */
  @FunctionalInterface
  interface IncomingCallListener {
    /**
     * A call rings in. Until somebody accepts, answers, rejects or redirects it, the caller hears
     * nothing but that the call is being tried.
     */
    void incoming(MediaCall call);
  }
}
