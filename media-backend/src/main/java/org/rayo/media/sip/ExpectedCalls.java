package org.rayo.media.sip;

import java.net.URI;
import java.util.Optional;
import org.rayo.media.audio.MediaThread;
import org.slf4j.event.Level;

/**
 * Which calls may ring in, and where their audio is carried. Asked on the threads of the SIP stack,
 * for every INVITE; never waits.
 */
public interface ExpectedCalls {

  /** Every call, wherever there is room. */
  ExpectedCalls ANY =
      new ExpectedCalls() {
        @Override
        public boolean isExpected(URI to) {
          return true;
        }

        @Override
        public Optional<MediaThread> carriedBy(URI to) {
          return Optional.empty();
        }
      };

  /**
   * Whether a call may ring in; else it is refused with 404.
   *
   * @param to whom it calls, as {@link org.rayo.media.MediaCall#to} tells it
   */
  boolean isExpected(URI to);

  /** How loudly the log tells of them: those that were asked for are no news. */
  default Level logged() {
    return Level.INFO;
  }

  /** The thread that is to carry its audio, one of the backend's RTP engine; empty for any. */
  Optional<MediaThread> carriedBy(URI to);
}
