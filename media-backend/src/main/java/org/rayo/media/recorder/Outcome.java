package org.rayo.media.recorder;

import java.util.Optional;
import org.rayo.media.CapturedRecording.Cause;

/** Why a capture ended; with words exactly when it failed. */
record Outcome(Cause cause, Optional<String> failure) {

  static Outcome of(Cause cause) {
    return new Outcome(cause, Optional.empty());
  }

  static Outcome failed(String failure) {
    return new Outcome(Cause.ERROR, Optional.of(failure));
  }
}
