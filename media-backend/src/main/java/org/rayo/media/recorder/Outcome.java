package org.rayo.media.recorder;

import java.util.Optional;
import java.util.OptionalLong;
import org.rayo.media.CapturedRecording.Cause;

/**
 * Why a capture ended; with words exactly when it failed.
 *
 * @param end samples per channel, at the call's rate, with which the file ends although more were
 *     captured; empty when all of them are in it
 */
record Outcome(Cause cause, OptionalLong end, Optional<String> failure) {

  static Outcome of(Cause cause) {
    return new Outcome(cause, OptionalLong.empty(), Optional.empty());
  }

  /** What was captured from there on is not in the file. */
  static Outcome endingAt(long end, Cause cause) {
    return new Outcome(cause, OptionalLong.of(end), Optional.empty());
  }

  static Outcome failed(String failure) {
    return new Outcome(Cause.ERROR, OptionalLong.empty(), Optional.of(failure));
  }
}
