package org.rayo.media.recorder;

import java.time.Duration;
import java.util.Optional;
import org.rayo.media.RecordingRequest;

/**
 * A recording's limits in samples per channel at the call's rate; one that is not set is never
 * reached.
 *
 * @param maxSamples in the file
 * @param initialSilence captured without any speech
 * @param finalSilence captured after speech
 * @param beepInterval captured between two beeps
 */
record Limits(long maxSamples, long initialSilence, long finalSilence, long beepInterval) {

  private static final long NEVER = Long.MAX_VALUE;

  static Limits of(RecordingRequest request, Duration longest, int sampleRateHz) {
    Duration asked = request.maxDuration().orElse(longest);
    return new Limits(
        samples(asked.compareTo(longest) < 0 ? asked : longest, sampleRateHz),
        samples(request.initialTimeout(), sampleRateHz),
        samples(request.finalTimeout(), sampleRateHz),
        samples(request.handling().beepInterval(), sampleRateHz));
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
