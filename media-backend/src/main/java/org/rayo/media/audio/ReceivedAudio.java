package org.rayo.media.audio;

/**
 * The audio of a call that comes over a network: the taps get it some time after it was received,
 * so that what came late is in its place.
 *
 * <p>Both methods belong to the media thread.
 */
public interface ReceivedAudio extends CallAudio {

  /** Whether anything has been received so far. */
  boolean isHeard();

  /**
   * When the end of what the caller says in the last frame was received, on the clock of {@link
   * System#nanoTime}; of what came late, when it should have come. Two calls on one thread are laid
   * side by side with it.
   */
  long receivedNanos();
}
