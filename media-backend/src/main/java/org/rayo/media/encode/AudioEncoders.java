package org.rayo.media.encode;

import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest;

/** Opens encoders. */
public final class AudioEncoders {

  private AudioEncoders() {}

  /**
   * An encoder for one recording. Thread safe.
   *
   * @param channels 1 or 2
   * @throws MediaException {@link MediaException.Fault#UNSUPPORTED} when the format cannot be had
   *     with this rate or with this encoding; the text says what can
   */
  public static AudioEncoder open(
      AudioFormat format, int sampleRateHz, int channels, RecordingRequest.Encoding encoding)
      throws MediaException {
    if (channels != 1 && channels != 2) {
      throw new IllegalArgumentException("channels is " + channels + "; 1 and 2 are allowed");
    }
    return switch (format) {
      case WAV -> new WavEncoder(sampleRateHz, channels);
      case MP3 -> Mp3Encoder.open(sampleRateHz, channels, encoding);
    };
  }
}
