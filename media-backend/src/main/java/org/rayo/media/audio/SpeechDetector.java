package org.rayo.media.audio;

/** Hears whether somebody speaks. One per recording, on the call's media thread. */
public interface SpeechDetector {

  /**
   * Listens to the next stretch of sound. Allocates nothing.
   *
   * @return whether speech was heard in it; the pauses within words are not speech
   */
  boolean heard(short[] samples, int length);
}
