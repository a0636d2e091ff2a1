package org.rayo.media.audio;

/** Hears whether somebody speaks. One per recording, on the call's media thread. */
public interface SpeechDetector {

  /**
   * Listens to the next stretch of sound. Allocates nothing.
   *
   * @return whether speech was heard in it; the pauses within words are not speech
   */
  boolean heard(short[] samples, int length);

  /**
   * How much has been listened to since speech was heard last: what came with it in one stretch,
   * but after it. To within 20 ms; told only after {@link #heard} was true.
   *
   * @return samples, from 0
   */
  long sinceSpeech();
}
