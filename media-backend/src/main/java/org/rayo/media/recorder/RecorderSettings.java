package org.rayo.media.recorder;

import java.time.Duration;
import org.rayo.media.encode.AudioEncoders;

/**
 * What the recorder may use.
 *
 * @param maxRecordings at once; one more is refused
 * @param encoderThreads for all recordings together
 * @param ring audio that one recording may hold between the media thread and its encoder; when the
 *     encoder falls further behind, the recording ends with an error
 * @param longestRecording the server's own maximum, which no request exceeds
 * @param closing how long {@link Recorders#close} waits for the files
 * @param encoders where the encoders come from
 */
public record RecorderSettings(
    int maxRecordings,
    int encoderThreads,
    Duration ring,
    Duration longestRecording,
    Duration closing,
    AudioEncoders encoders) {

  /** 1,000 recordings, a thread per core, 5 s of ring, 3 h, 10 s. */
  public static final RecorderSettings DEFAULT =
      new RecorderSettings(
          1000,
          Runtime.getRuntime().availableProcessors(),
          Duration.ofSeconds(5),
          Duration.ofHours(3),
          Duration.ofSeconds(10));

  public RecorderSettings {
    if (maxRecordings < 1 || encoderThreads < 1) {
      throw new IllegalArgumentException(
          "maxRecordings=" + maxRecordings + " encoderThreads=" + encoderThreads);
    }
    if (ring.compareTo(Duration.ofMillis(400)) < 0) {
      throw new IllegalArgumentException("ring is " + ring + "; 400 ms is the least");
    }
    if (longestRecording.isNegative() || longestRecording.isZero() || closing.isNegative()) {
      throw new IllegalArgumentException(
          "longestRecording=" + longestRecording + " closing=" + closing);
    }
  }

  /** With encoders that are all Java. */
  public RecorderSettings(
      int maxRecordings,
      int encoderThreads,
      Duration ring,
      Duration longestRecording,
      Duration closing) {
    this(maxRecordings, encoderThreads, ring, longestRecording, closing, AudioEncoders.PORTABLE);
  }
}
