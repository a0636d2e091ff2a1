package org.rayo.media;

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

  /** Refuses new calls from now on (SIP 503); those that are up stay up. */
  void drain();

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
