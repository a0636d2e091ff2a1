package org.rayo.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code rayo.spool}: where recordings grow and wait for their stores.
 *
 * @param syncInterval how much a power failure may cost
 * @param watermarkBytes that must be free for a new recording to begin
 * @param keepTold how long a copy stays of which a client was told, once every store has it
 * @param keepDead how long a recording stays that a store does not take; zero: for ever
 */
public record SpoolConfig(
    Path directory,
    Duration syncInterval,
    long watermarkBytes,
    Duration keepTold,
    Duration keepDead) {

  static SpoolConfig read(ConfigReader reader) {
    return new SpoolConfig(
        reader.path("rayo.spool.directory"),
        reader.duration("rayo.spool.sync-interval", Duration.ofMillis(50), Duration.ofSeconds(60)),
        reader.size("rayo.spool.watermark", 0, 1L << 50),
        reader.duration("rayo.spool.keep-told", Duration.ZERO, Duration.ofDays(3650)),
        reader.duration("rayo.spool.keep-dead", Duration.ZERO, Duration.ofDays(3650)));
  }
}
