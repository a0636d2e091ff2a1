package org.rayo.media.contract;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.phone.PhoneCall;

/** What a phone hears, told by tones. */
final class Hearing {

  private static final int WINDOW = 1600;
  private static final double THERE_DBFS = -25;
  private static final double GONE_DBFS = -45;

  private Hearing() {}

  static AudioSource tone(double hertz, long millis) {
    return AudioSource.tone(hertz, -10, millis);
  }

  /** A tone for as long as a test may take. */
  static AudioSource tone(double hertz) {
    return tone(hertz, 600_000);
  }

  /** Waits until it hears a tone. */
  static void awaitTone(PhoneCall phone, double hertz) throws InterruptedException {
    await(phone, hertz, true);
  }

  /** Waits until 200 ms hold nothing of a tone, or nothing is heard at all. */
  static void awaitNoTone(PhoneCall phone, double hertz) throws InterruptedException {
    await(phone, hertz, false);
  }

  private static void await(PhoneCall phone, double hertz, boolean there)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_SECONDS);
    int before = -1;
    while (System.nanoTime() < deadline) {
      short[] heard = phone.heard();
      boolean still = heard.length == before;
      before = heard.length;
      double level =
          ToneMeter.levelAt(
              Arrays.copyOfRange(heard, Math.max(0, heard.length - WINDOW), heard.length),
              AudioSource.SAMPLE_RATE_HZ,
              hertz);
      if (there ? heard.length >= WINDOW && level > THERE_DBFS : still || level < GONE_DBFS) {
        return;
      }
      Thread.sleep(250);
    }
    throw new AssertionError((there ? "never" : "always") + " heard " + hertz + " Hz");
  }

  /** For how many samples a tone sounds in all, to 10 ms: a busy machine may cut it in pieces. */
  static int samplesOf(short[] pcm, double hertz) {
    int window = AudioSource.SAMPLE_RATE_HZ / 100;
    int samples = 0;
    for (int at = 0; at + window <= pcm.length; at += window) {
      short[] piece = Arrays.copyOfRange(pcm, at, at + window);
      boolean loud = ToneMeter.levelAt(piece, AudioSource.SAMPLE_RATE_HZ, hertz) > THERE_DBFS;
      boolean mostly =
          ToneMeter.dominant(piece, AudioSource.SAMPLE_RATE_HZ)
              .filter(tone -> Math.abs(tone.frequencyHz() - hertz) < 60)
              .isPresent();
      samples += loud && mostly ? window : 0;
    }
    return samples;
  }
}
