package org.rayo.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A spoken sentence, on lines of different quality. */
class RealSpeechTest {

  private static final Path SENTENCE =
      Path.of("../testkit/src/main/resources/org/rayo/testkit/audio/five-seconds.wav");
  private static final int WINDOW = 160;
  private static final int PAUSE = 4 * 8000;

  /** Louder than this without the line's noise is speech beyond doubt; quieter a breath. */
  private static final double SPEECH_DBFS = -38;

  @ParameterizedTest
  @CsvSource({
    "clean, -100, -100, 0, 4, 0",
    "noise of -60 dBFS, -60, -100, 0, 4, 0",
    "noise of -50 dBFS, -50, -100, 0, 10, 1",
    "noise of -40 dBFS, -40, -100, 0, 25, 1",
    "hum of -40 dBFS, -100, -40, 0, 25, 1",
    "hum of -50 dBFS and noise of -60, -60, -50, 0, 10, 1",
    "quiet talker, -100, -100, -12, 10, 0",
    "quiet talker in noise of -55 dBFS, -55, -100, -12, 35, 1",
  })
  void sentence_onALine_isHeardAndTheLineIsNot(
      String line, double noiseDbfs, double humDbfs, double gainDb, int mostMissed, int mostFalse)
      throws Exception {
    short[] sentence = sentence();
    short[] clean = new short[3 * PAUSE + 2 * sentence.length];
    System.arraycopy(sentence, 0, clean, PAUSE, sentence.length);
    System.arraycopy(sentence, 0, clean, 2 * PAUSE + sentence.length, sentence.length);
    short[] heard = line(clean, noiseDbfs, humDbfs, gainDb);

    EnergySpeechDetector detector = new EnergySpeechDetector(8000);
    short[] frame = new short[WINDOW];
    int spoken = 0;
    int missed = 0;
    int silent = 0;
    int wrong = 0;
    for (int at = 0; at + WINDOW <= heard.length; at += WINDOW) {
      System.arraycopy(heard, at, frame, 0, WINDOW);
      boolean found = detector.heard(frame, WINDOW);
      if (Levels.dbfs(clean, at, WINDOW) > SPEECH_DBFS) {
        spoken++;
        missed += found ? 0 : 1;
      } else if (Levels.dbfs(clean, at, WINDOW) == Levels.SILENCE_DBFS) {
        silent++;
        wrong += found ? 1 : 0;
      }
    }
    double missedPercent = 100.0 * missed / spoken;
    double falsePercent = 100.0 * wrong / silent;
    System.out.printf(
        "figure: speech, %s: %.1f %% of %d ms missed, %.1f %% of %d ms of the line taken for it%n",
        line, missedPercent, spoken * 20, falsePercent, silent * 20);
    assertThat(missedPercent).isLessThanOrEqualTo(mostMissed);
    assertThat(falsePercent).isLessThanOrEqualTo(mostFalse);
  }

  private static short[] line(short[] clean, double noiseDbfs, double humDbfs, double gainDb) {
    Random random = new Random(3);
    double noise = Math.sqrt(Levels.meanSquareOf(noiseDbfs));
    double hum = Math.sqrt(2 * Levels.meanSquareOf(humDbfs));
    double gain = Math.pow(10, gainDb / 20);
    short[] heard = new short[clean.length];
    for (int i = 0; i < clean.length; i++) {
      double sample =
          clean[i] * gain
              + noise * random.nextGaussian()
              + hum * Math.sin(2 * Math.PI * 50 * i / 8000);
      long whole = Math.round(Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sample)));
      // As it arrives over the telephone.
      heard[i] = G711.MU_LAW.decode(G711.MU_LAW.encode((short) whole));
    }
    return heard;
  }

  private static short[] sentence() throws Exception {
    ByteBuffer wav = ByteBuffer.wrap(Files.readAllBytes(SENTENCE)).order(ByteOrder.LITTLE_ENDIAN);
    short[] samples = new short[(wav.remaining() - 44) / 2];
    wav.position(44);
    wav.asShortBuffer().get(samples);
    return samples;
  }
}
