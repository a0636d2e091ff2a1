package org.rayo.media;

import java.time.Duration;
import java.util.Optional;

/**
 * Something that was heard, or told beside the audio.
 *
 * @param value a key's digit; empty for others
 * @param duration how long it has lasted so far; zero where that is not known
 */
public record Signal(Kind kind, Optional<Character> value, Duration duration) {

  /** What can be listened for. */
  public enum Kind {
    /** A key of the caller's, told by RFC 4733 or heard; once for each press, when it begins. */
    KEY,
    /** Speech has begun. */
    SPEECH,
    /** Speech has ended. */
    SPEECH_END,
    /** The beep of an answering machine. */
    BEEP,
    /** The tone that tells a caller that it rings at the other side. */
    RING,
    /** The busy tone. */
    BUSY
  }
}
