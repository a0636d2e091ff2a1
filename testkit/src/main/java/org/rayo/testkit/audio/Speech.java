package org.rayo.testkit.audio;

/** Speech that comes with the kit. */
public final class Speech {

  private static final String FIVE_SECONDS = "/org/rayo/testkit/audio/five-seconds.wav";

  private Speech() {}

  /** A spoken sentence of exactly 40,000 samples, 5.000 s, with speech from start to end. */
  public static AudioSource fiveSeconds() {
    return AudioSource.wavResource(FIVE_SECONDS);
  }
}
