package org.rayo.media.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A stretch of a telephone line at 8,000 Hz that tests put sounds on, from where they like. Levels
 * are those of {@link Levels}: a sine of full scale has −3 dBFS.
 */
final class Line {
  static final int RATE = 8000;

  private static final Path SENTENCE =
      Path.of("../testkit/src/main/resources/org/rayo/testkit/audio/five-seconds.wav");

  private final double[] samples;
  private final Random random;

  Line(int millis, Random random) {
    samples = new double[millis * (RATE / 1000)];
    this.random = random;
  }

  int length() {
    return samples.length;
  }

  /** A sine of this amplitude (full scale is 1), at any phase. */
  Line sine(int at, int length, double hertz, double amplitude) {
    double phase = random.nextDouble() * 2 * Math.PI;
    for (int i = 0; i < length; i++) {
      samples[at + i] +=
          Short.MAX_VALUE * amplitude * Math.sin(phase + 2 * Math.PI * hertz * i / RATE);
    }
    return this;
  }

  /** White noise all along. */
  Line noise(double dbfs) {
    return noise(0, samples.length, dbfs);
  }

  Line noise(int at, int length, double dbfs) {
    double deviation = Math.sqrt(Levels.meanSquareOf(dbfs));
    for (int i = 0; i < length; i++) {
      samples[at + i] += deviation * random.nextGaussian();
    }
    return this;
  }

  /** Comfort noise: softer towards the high notes. */
  Line softNoise(double dbfs) {
    double[] noise = new double[samples.length];
    double last = 0;
    double squares = 0;
    for (int i = 0; i < noise.length; i++) {
      last = 0.9 * last + random.nextGaussian();
      noise[i] = last;
      squares += last * last;
    }
    return put(0, noise, Math.sqrt(Levels.meanSquareOf(dbfs) * noise.length / squares));
  }

  /** The mains, with nine harmonics. */
  Line hum(double hertz, double dbfs) {
    double[] parts = {1, 0.3, 0.6, 0.2, 0.4, 0.1, 0.3, 0, 0.2};
    double squares = 0;
    for (double part : parts) {
      squares += part * part / 2;
    }
    double gain = Math.sqrt(Levels.meanSquareOf(dbfs) / squares) / Short.MAX_VALUE;
    for (int n = 0; n < parts.length; n++) {
      sine(0, samples.length, hertz * (n + 1), gain * parts[n]);
    }
    return this;
  }

  /** White noise that rises, or falls, evenly. */
  Line noiseFromTo(double fromDbfs, double toDbfs) {
    for (int i = 0; i < samples.length; i++) {
      double dbfs = fromDbfs + (toDbfs - fromDbfs) * i / samples.length;
      samples[i] += Math.sqrt(Levels.meanSquareOf(dbfs)) * random.nextGaussian();
    }
    return this;
  }

  /** A crackle of 10 to 25 ms every 300 to 700 ms. */
  Line clicks() {
    for (int at = 1000; at < samples.length; at += 2400 + random.nextInt(3200)) {
      int length = Math.min(samples.length - at, 80 + random.nextInt(120));
      noise(at, length, -12);
    }
    return this;
  }

  Line put(int at, double[] sound) {
    return put(at, sound, 1);
  }

  private Line put(int at, double[] sound, double gain) {
    for (int i = 0; i < sound.length && at + i < samples.length; i++) {
      samples[at + i] += gain * sound[i];
    }
    return this;
  }

  /** What is on it, as it is. */
  short[] samples() {
    short[] all = new short[samples.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) samples[i];
    }
    return all;
  }

  /** What comes out at its end: clipped, rounded, and companded. */
  short[] through(G711 law) {
    short[] heard = new short[samples.length];
    for (int i = 0; i < heard.length; i++) {
      double clipped = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, samples[i]));
      heard[i] = law.decode(law.encode((short) Math.round(clipped)));
    }
    return heard;
  }

  /** A spoken sentence of five seconds. */
  static short[] sentence() {
    try {
      ByteBuffer wav = ByteBuffer.wrap(Files.readAllBytes(SENTENCE)).order(ByteOrder.LITTLE_ENDIAN);
      short[] samples = new short[(wav.remaining() - 44) / 2];
      wav.position(44);
      wav.asShortBuffer().get(samples);
      return samples;
    } catch (IOException e) {
      throw new AssertionError("the testkit's sentence cannot be read", e);
    }
  }

  /** The same spoken faster and higher, or slower and lower, and louder or quieter. */
  static double[] spoken(short[] sentence, double speed, double gainDb) {
    double gain = Math.pow(10, gainDb / 20);
    double[] spoken = new double[(int) ((sentence.length - 2) / speed)];
    for (int i = 0; i < spoken.length; i++) {
      double at = i * speed;
      int whole = (int) at;
      spoken[i] = gain * (sentence[whole] + (sentence[whole + 1] - sentence[whole]) * (at - whole));
    }
    return spoken;
  }

  /**
   * Voices that play notes of the equal temperament, struck and dying away, a moment off pitch.
   *
   * @param harmonics of each note; 1 for pure sines
   */
  static double[] music(int seconds, int voices, int harmonics, Random random) {
    double[] music = new double[seconds * RATE];
    for (int voice = 0; voice < voices; voice++) {
      int at = 0;
      while (at < music.length) {
        int length = 600 + random.nextInt(6000);
        double hertz =
            110 * Math.pow(2, random.nextInt(48) / 12.0) * (1 + 0.002 * random.nextGaussian());
        note(music, at, length, hertz, harmonics, 3000 + random.nextInt(5000), random);
        at += length;
      }
    }
    return music;
  }

  private static void note(
      double[] to, int at, int length, double hertz, int harmonics, double loud, Random random) {
    for (int n = 1; n <= harmonics && n * hertz < 3900; n++) {
      double phase = random.nextDouble() * 2 * Math.PI;
      for (int i = 0; i < length && at + i < to.length; i++) {
        double fading = Math.exp(-i / 4000.0) / n;
        to[at + i] += loud * fading * Math.sin(phase + 2 * Math.PI * n * hertz * i / RATE);
      }
    }
  }
}
