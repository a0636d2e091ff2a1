package org.rayo.media.encode;

import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest;

/** Opens encoders. Thread safe. */
public final class AudioEncoders {

  /** Whether mp3 is made by the native LAME library, if it is installed. */
  public enum NativeMp3 {
    /** Never: everything is Java. */
    OFF,
    /** When it is there and works. */
    AUTO,
    /** Always; without it there is no mp3. */
    REQUIRED
  }

  /** All in Java, needing nothing that is installed. */
  public static final AudioEncoders PORTABLE = new AudioEncoders(NativeMp3.OFF);

  private final NativeMp3 nativeMp3;

  /** Nothing native is touched before the first mp3 is opened, or {@link #mp3Encoder} is asked. */
  public AudioEncoders(NativeMp3 nativeMp3) {
    this.nativeMp3 = nativeMp3;
  }

  /** What makes mp3 files, with its version, for the log; or why none can be made. */
  public String mp3Encoder() {
    try {
      return useNative() ? LameLibrary.loaded().version() : JavaLame.VERSION;
    } catch (MediaException e) {
      return "none: " + e.getMessage();
    }
  }

  /**
   * An encoder for one recording. It is closed by whoever opens it.
   *
   * @param sampleRateHz of what is recorded; the file has it too, unless the encoding says another
   * @param channels 1 or 2; for wav up to {@value RecordingRequest#MAX_PARTICIPANT_CHANNELS}
   * @throws MediaException {@link Fault#UNSUPPORTED} when the format cannot be had with so many
   *     channels, the file's rate or this encoding; the text says what can; {@link
   *     Fault#CONFIGURATION} when the native library is required and missing
   */
  public AudioEncoder open(
      AudioFormat format, int sampleRateHz, int channels, RecordingRequest.Encoding encoding)
      throws MediaException {
    int most = RecordingRequest.MAX_PARTICIPANT_CHANNELS;
    if (channels < 1 || channels > most) {
      throw new IllegalArgumentException(
          "channels is " + channels + "; 1 to " + most + " are allowed");
    }
    if (channels > 2 && format != AudioFormat.WAV) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          format.token() + " is not made of " + channels + " channels; wav is possible");
    }
    int fileRateHz = encoding.sampleRateHz().orElse(sampleRateHz);
    AudioEncoder encoder =
        switch (format) {
          case WAV -> WavEncoder.open(fileRateHz, channels, encoding);
          case MP3 -> Mp3Encoder.open(fileRateHz, channels, encoding, lame());
          case OPUS -> OggOpusEncoder.open(fileRateHz, channels, encoding);
        };
    return fileRateHz == sampleRateHz
        ? encoder
        : new ResamplingEncoder(encoder, new Resampler(sampleRateHz, fileRateHz, channels));
  }

  private Lame.Opener lame() throws MediaException {
    return useNative() ? LameLibrary.loaded() : JavaLame::new;
  }

  private boolean useNative() throws MediaException {
    return switch (nativeMp3) {
      case OFF -> false;
      case AUTO -> LameLibrary.isThere();
      case REQUIRED -> {
        if (!LameLibrary.isThere()) {
          throw new MediaException(Fault.CONFIGURATION, LameLibrary.whyNot());
        }
        yield true;
      }
    };
  }
}
