package org.rayo.testkit.audio;

import java.util.Arrays;

/**
 * Audio read from a file.
 *
 * @param channels the samples of each channel, all of the same length; at least one channel. The
 *     arrays are not copied, and nobody changes them.
 * @param sampleRateHz samples a second
 */
@SuppressWarnings("ArrayRecordComponent") // Hours of audio are compared by sample, never by equals.
public record Decoded(short[][] channels, int sampleRateHz) {

  public Decoded {
    if (channels.length == 0 || sampleRateHz <= 0) {
      throw new IllegalArgumentException(channels.length + " channels at " + sampleRateHz + " Hz");
    }
    int samples = channels[0].length;
    if (!Arrays.stream(channels).allMatch(channel -> channel.length == samples)) {
      throw new IllegalArgumentException("channels of different lengths");
    }
  }

  /** The length in samples of one channel. */
  public int samples() {
    return channels[0].length;
  }

  /** The length in milliseconds, rounded half up. */
  public long durationMillis() {
    return (samples() * 2000L + sampleRateHz) / (2L * sampleRateHz);
  }

  /** The samples of one channel. */
  public short[] channel(int index) {
    return channels[index];
  }
}
