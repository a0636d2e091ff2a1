package org.rayo.media.recorder;

import java.time.Duration;
import java.util.Optional;
import org.rayo.media.RecordingRequest;

/**
 * A recording's limits in samples per channel of captured audio; one that is not set is never
 * reached.
 */
record Limits(long maxSamples, long initialSilence, long finalSilence) {

  private static final long NEVER = Long.MAX_VALUE;

  static Limits of(RecordingRequest request, Duration longest, int sampleRateHz) {
    Duration asked = request.maxDuration().orElse(longest);
    return new Limits(
        samples(asked.compareTo(longest) < 0 ? asked : longest, sampleRateHz),
        samples(request.initialTimeout(), sampleRateHz),
        samples(request.finalTimeout(), sampleRateHz));
  }

  private static long samples(Optional<Duration> limit, int sampleRateHz) {
    return limit.map(value -> samples(value, sampleRateHz)).orElse(NEVER);
  }

  /** Rounded up, so that a limit is never nothing. */
  private static long samples(Duration limit, int sampleRateHz) {
    if (limit.getSeconds() >= NEVER / sampleRateHz - 1) {
      return NEVER;
    }
    long part = (long) limit.getNano() * sampleRateHz;
    return limit.getSeconds() * sampleRateHz + (part + 999_999_999L) / 1_000_000_000L;
  }
}
