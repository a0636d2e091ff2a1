package org.rayo.media;

import java.util.Locale;
import java.util.Optional;

/** The file formats that a recording can have. */
public enum AudioFormat {
  MP3("mp3", "audio/mpeg"),
  WAV("wav", "audio/wav"),
  /** Opus in an Ogg stream. */
  OPUS("opus", "audio/ogg");

  private final String token;
  private final String mediaType;

  AudioFormat(String token, String mediaType) {
    this.token = token;
    this.mediaType = mediaType;
  }

  /** The {@code format} attribute's value, and the file's extension. */
  public String token() {
    return token;
  }

  /** The media type of such a file. */
  public String mediaType() {
    return mediaType;
  }

  /** The format of this token, in any case. */
  public static Optional<AudioFormat> ofToken(String token) {
    String wanted = token.toLowerCase(Locale.ROOT);
    for (AudioFormat format : values()) {
      if (format.token.equals(wanted)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
