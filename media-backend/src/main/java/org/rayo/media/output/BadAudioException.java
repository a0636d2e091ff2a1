package org.rayo.media.output;

/** The content is not a sound file that can be played. Its message completes "… : it ". */
final class BadAudioException extends Exception {
  private static final long serialVersionUID = 1L;

  BadAudioException(String message) {
    super(message);
  }
}
