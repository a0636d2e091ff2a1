package org.rayo.protocol;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Times from the milliseconds that commands have; those without a limit are empty. */
public final class Durations {

  private Durations() {}

  public static Optional<Duration> ofMillis(OptionalLong millis) {
    return millis.isPresent()
        ? Optional.of(Duration.ofMillis(millis.getAsLong()))
        : Optional.empty();
  }
}
