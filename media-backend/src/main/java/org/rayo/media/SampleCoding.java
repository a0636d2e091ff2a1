package org.rayo.media;

import java.util.Locale;
import java.util.Optional;

/** How a wav file holds its samples. */
public enum SampleCoding {
  /** Linear, 16 bits, little endian. */
  PCM("pcm"),
  /** µ-law of G.711, 8 bits. */
  ULAW("ulaw"),
  /** A-law of G.711, 8 bits. */
  ALAW("alaw");

  private final String token;

  SampleCoding(String token) {
    this.token = token;
  }

  /** The value of the hint {@code encoding}. */
  public String token() {
    return token;
  }

  /** The coding of this token, in any case. */
  public static Optional<SampleCoding> ofToken(String token) {
    String wanted = token.toLowerCase(Locale.ROOT);
    for (SampleCoding coding : values()) {
      if (coding.token.equals(wanted)) {
        return Optional.of(coding);
      }
    }
    return Optional.empty();
  }
}
