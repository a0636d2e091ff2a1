package org.rayo.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spoken sentences on lines of different quality, and lines on which nobody speaks. */
@Tag("slow")
class RealSpeechTest {

  private static final int WINDOW = 160;
  private static final int PAUSE = 4 * Line.RATE;

  /** Louder than this without the line's noise is speech beyond doubt; quieter a breath. */
  private static final double SPEECH_DBFS = -38;

  private final Random random = new Random(3);
  private int spoken;
  private int missed;
  private int silent;
  private int wrong;

  @ParameterizedTest
  @CsvSource({
    "clean, -100, -100, -100, 0, 3, 0",
    "noise of -60 dBFS, -60, -100, -100, 0, 3, 0",
    "noise of -50 dBFS, -50, -100, -100, 0, 4, 0.5",
    "noise of -45 dBFS, -45, -100, -100, 0, 5, 0.5",
    "noise of -40 dBFS, -40, -100, -100, 0, 7, 0.5",
    "comfort noise of -50 dBFS, -100, -50, -100, 0, 4, 0.5",
    "comfort noise of -40 dBFS, -100, -40, -100, 0, 7, 0.5",
    "hum of -50 dBFS and noise of -60, -60, -100, -50, 0, 4, 0.5",
    "hum of -40 dBFS, -100, -100, -40, 0, 5, 0.5",
    "hum of -35 dBFS, -100, -100, -35, 0, 16, 0.5",
    "quiet talker, -100, -100, -100, -12, 7, 0",
    "quiet talker in noise of -55 dBFS, -55, -100, -100, -12, 7, 0.5",
    "very quiet talker in noise of -65 dBFS, -65, -100, -100, -20, 40, 0.5",
  })
  void sentences_onALine_areHeardAndTheLineIsNot(
      String line,
      double noiseDbfs,
      double softNoiseDbfs,
      double humDbfs,
      double gainDb,
      double mostMissed,
      double mostFalse) {
    for (double mains : new double[] {50, 60}) {
      talk(gainDb, with -> with.noise(noiseDbfs).softNoise(softNoiseDbfs).hum(mains, humDbfs));
    }
    assertFigures(line, mostMissed, mostFalse);
  }

  @Test
  void sentences_inNoiseThatRises_areHeardAndTheNoiseIsNot() {
    talk(0, line -> line.noiseFromTo(-65, -40));
    talk(0, line -> line.noiseFromTo(-40, -65));
    assertFigures("noise from -65 to -40 dBFS and back", 4, 0.5);
  }

  @Test
  void sentences_onALineThatCrackles_areHeardAndTheClicksAreNot() {
    talk(0, line -> line.noise(-60).clicks());
    // A click in the 200 ms after speech counts as more of it.
    assertFigures("clicks", 4, 2);
  }

  /** The sentence by three voices, before, between and after pauses. */
  private void talk(double gainDb, UnaryOperator<Line> quality) {
    short[] sentence = Line.sentence();
    for (double speed : new double[] {0.85, 1, 1.2}) {
      double[] voice = Line.spoken(sentence, speed, 0);
      int whole = 3 * PAUSE + 2 * voice.length;
      Line clean = new Line(whole / 8, random).put(PAUSE, voice);
      clean.put(2 * PAUSE + voice.length, voice);
      double[] quiet = Line.spoken(sentence, speed, gainDb);
      Line heard = new Line(whole / 8, random).put(PAUSE, quiet);
      heard.put(2 * PAUSE + voice.length, quiet);
      listen(clean.samples(), quality.apply(heard).through(G711.MU_LAW));
    }
  }

  private void listen(short[] clean, short[] heard) {
    EnergySpeechDetector detector = new EnergySpeechDetector(Line.RATE);
    short[] frame = new short[WINDOW];
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
  }

  private void assertFigures(String line, double mostMissed, double mostFalse) {
    double missedPercent = 100.0 * missed / spoken;
    double falsePercent = 100.0 * wrong / silent;
    System.out.printf(
        "figure: speech, %s: %.1f %% of %d ms missed, %.1f %% of %d ms of the line taken for it%n",
        line, missedPercent, spoken * 20, falsePercent, silent * 20);
    assertThat(missedPercent).isLessThanOrEqualTo(mostMissed);
    assertThat(falsePercent).isLessThanOrEqualTo(mostFalse);
  }

  @ParameterizedTest
  @CsvSource({
    "noise of -45 dBFS, -45, -100, -100",
    "noise of -35 dBFS, -35, -100, -100",
    "comfort noise of -45 dBFS, -100, -45, -100",
    "comfort noise of -38 dBFS, -100, -38, -100",
    "hum of -40 and noise of -50 dBFS, -50, -100, -40",
  })
  void tenMinutesOfALine_onWhichNobodySpeaks_areNotSpeech(
      String name, double noiseDbfs, double softNoiseDbfs, double humDbfs) {
    Line line = new Line(600_000, random).noise(noiseDbfs).softNoise(softNoiseDbfs);
    double part = heardPart(line.hum(50, humDbfs).through(G711.A_LAW));
    System.out.printf(
        "figure: speech, nobody speaks, %s: %.3f %% of 600 s taken for it%n", name, 100 * part);
    assertThat(part).isLessThan(0.001);
  }

  @ParameterizedTest
  @CsvSource({"1, -20", "4, -20", "4, -35"})
  void music_countsAsSound(int harmonics, double dbfs) {
    double[] music = Line.music(60, 3, harmonics, random);
    double squares = 0;
    for (double sample : music) {
      squares += sample * sample;
    }
    double gain = Math.sqrt(Levels.meanSquareOf(dbfs) * music.length / squares);
    for (int i = 0; i < music.length; i++) {
      music[i] *= gain;
    }
    double part = heardPart(new Line(60_000, random).put(0, music).through(G711.MU_LAW));
    System.out.printf(
        "figure: speech, music of %d harmonics at %.0f dBFS: %.0f %% counts as sound%n",
        harmonics, dbfs, 100 * part);
    assertThat(part).isGreaterThan(dbfs < -30 ? 0.3 : 0.9);
  }

  private static double heardPart(short[] sound) {
    EnergySpeechDetector detector = new EnergySpeechDetector(Line.RATE);
    short[] frame = new short[WINDOW];
    int heard = 0;
    for (int at = 0; at + WINDOW <= sound.length; at += WINDOW) {
      System.arraycopy(sound, at, frame, 0, WINDOW);
      heard += detector.heard(frame, WINDOW) ? 1 : 0;
    }
    return (double) heard * WINDOW / sound.length;
  }
}
