package org.rayo.media;

import java.util.Set;

/**
 * What to listen for.
 *
 * @param detectionId of whoever asks; comes back with every {@link MediaEvent.Detected}
 */
public record DetectionRequest(String detectionId, Set<Signal.Kind> kinds) {
  public DetectionRequest {
    kinds = Set.copyOf(kinds);
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("no kind of signal is asked for");
    }
  }
}
