package org.rayo.config;

import java.time.Duration;

/**
 * {@code rayo.shutdown}.
 *
 * @param grace how long a stop waits for running recordings
 */
public record ShutdownConfig(Duration grace) {

  static ShutdownConfig read(ConfigReader reader) {
    return new ShutdownConfig(
        reader.duration("rayo.shutdown.grace", Duration.ZERO, Duration.ofMinutes(10)));
  }
}
