package org.rayo.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tones are keys, and when they began. */
@Tag("slow")
class DtmfDetectorTest {
  private static final String KEYS = "123A456B789C*0#D";
  private static final double[] ROWS = {697, 770, 852, 941};
  private static final double[] COLUMNS = {1209, 1336, 1477, 1633};
  private static final double[] LEVELS = {-36, -28, -20, -12, -6, 0};
  private static final double[] TWISTS = {-8, -4, 0, 4};
  private static final double[] OFFSETS = {-0.015, 0, 0.015};

  private final Random random = new Random(11);

  private record Heard(char digit, long onset, long by) {}

  /** Feeds frames of 20 ms. */
  private static List<Heard> hear(short[] sound) {
    DtmfDetector detector = new DtmfDetector(Line.RATE);
    List<Heard> heard = new ArrayList<>();
    short[] frame = new short[160];
    for (int at = 0; at + 160 <= sound.length; at += 160) {
      System.arraycopy(sound, at, frame, 0, 160);
      if (detector.heard(frame, 160)) {
        heard.add(new Heard(detector.digit(), detector.onset(), at + 160));
      }
    }
    return heard;
  }

  /**
   * Presses a key.
   *
   * @param peakDb of the stronger tone; a sine of full scale has 0
   * @param twistDb of the column's tone against the row's
   * @param offs parts of the two frequencies by which the row and the column are off
   */
  private static void press(
      Line line, int at, int length, int key, double peakDb, double twistDb, double... offs) {
    double strong = Math.pow(10, peakDb / 20);
    double weak = strong * Math.pow(10, -Math.abs(twistDb) / 20);
    line.sine(at, length, ROWS[key / 4] * (1 + offs[0]), twistDb > 0 ? weak : strong);
    line.sine(at, length, COLUMNS[key % 4] * (1 + offs[1]), twistDb > 0 ? strong : weak);
  }

  /** The level of both tones together, by {@link Levels}. */
  private static double level(double peakDb, double twistDb) {
    return peakDb - 3 + 10 * Math.log10(1 + Math.pow(10, -Math.abs(twistDb) / 10));
  }

  private G711 anyLaw() {
    return random.nextBoolean() ? G711.MU_LAW : G711.A_LAW;
  }

  @ParameterizedTest
  @CsvSource({"40, 15", "40, 80", "50, 15", "100, 15"})
  void heard_everyKeyWithinTolerance_onceAndWhereItBegan(int millis, double noiseBelowDb) {
    int pressed = 0;
    int missed = 0;
    double worst = 0;
    double slowest = 0;
    for (int key = 0; key < 16; key++) {
      for (double peak : LEVELS) {
        for (double twist : TWISTS) {
          for (double row : OFFSETS) {
            for (double column : OFFSETS) {
              Line line = new Line(400, random).noise(level(peak, twist) - noiseBelowDb);
              int at = 800 + random.nextInt(400);
              press(line, at, millis * 8, key, peak, twist, row, column);
              List<Heard> heard = hear(line.through(anyLaw()));
              pressed++;
              if (heard.size() != 1 || heard.get(0).digit() != KEYS.charAt(key)) {
                missed++;
                continue;
              }
              worst = Math.max(worst, Math.abs(heard.get(0).onset() - at) / 8.0);
              slowest = Math.max(slowest, (heard.get(0).by() - at) / 8.0);
            }
          }
        }
      }
    }
    System.out.printf(
        "figure: DTMF, %d ms, noise %.0f dB below: %d of %d keys missed or wrong,"
            + " onset within %.2f ms, told within %.0f ms%n",
        millis, noiseBelowDb, missed, pressed, worst, slowest);
    // The loudest of these are clipped hard, on top of their noise.
    assertThat(missed).isLessThanOrEqualTo(pressed / 1000);
    assertThat(worst).isLessThanOrEqualTo(5);
    assertThat(slowest).isLessThanOrEqualTo(65);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 18, 22})
  void heard_tonesThatAreTooShort_noKey(int millis) {
    for (int n = 0; n < 640; n++) {
      Line line = new Line(300, random).noise(n % 2 == 0 ? -75 : -40);
      press(line, 800 + n, millis * 8, n % 16, -12, TWISTS[n % 4], 0, 0);
      assertThat(hear(line.through(anyLaw()))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"0.035, 0", "0, 0.035", "-0.035, 0", "0, -0.035", "0.05, 0.05", "-0.035, 0.035"})
  void heard_tonesOffTheirFrequencies_noKey(double row, double column) {
    for (int n = 0; n < 320; n++) {
      Line line = new Line(400, random).noise(n % 2 == 0 ? -75 : -27);
      press(line, 800 + n, 1600, n % 16, -12, 0, row, column);
      assertThat(hear(line.through(anyLaw()))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-14, 9})
  void heard_tonesOfUnlikeStrength_noKey(double twist) {
    for (int key = 0; key < 16; key++) {
      Line line = new Line(400, random);
      press(line, 800, 1600, key, -12, twist, 0, 0);
      assertThat(hear(line.through(G711.A_LAW))).isEmpty();
    }
  }

  @Test
  void heard_heldKey_isOne() {
    for (int n = 0; n < 64; n++) {
      double peak = -36 + random.nextInt(36);
      Line line = new Line(5000, random).noise(peak - 18);
      press(line, 1000, 32_000, n % 16, peak, TWISTS[n / 16], 0.014, -0.014);
      assertThat(hear(line.through(anyLaw()))).hasSize(1);
    }
  }

  @Test
  void heard_sameKeyTwice_pauseOf40MillisPartsThem_ofTenDoesNot() {
    for (int n = 0; n < 320; n++) {
      int pause = n % 2 == 0 ? 320 : 80;
      int length = 320 + random.nextInt(500);
      int at = 800 + random.nextInt(300);
      double peak = -8 - random.nextInt(25);
      Line line = new Line(800, random).noise(peak - 18);
      press(line, at, length, n % 16, peak, 0, OFFSETS[n % 3], OFFSETS[n % 2]);
      press(line, at + length + pause, length, n % 16, peak, 0, OFFSETS[n % 3], OFFSETS[n % 2]);
      List<Heard> heard = hear(line.through(anyLaw()));
      assertThat(heard).hasSize(pause == 320 ? 2 : 1);
      if (pause == 320) {
        assertThat(heard.get(1).onset()).isCloseTo(at + length + pause, within(40L));
      }
    }
  }

  @Test
  void heard_numberDialledFast_everyKeyInOrder() {
    Line line = new Line(2000, random).noise(-45);
    int at = 500;
    for (int key = 0; key < 16; key++) {
      press(line, at, 360, key, -10, -2, 0.01, -0.01);
      at += 720;
    }
    StringBuilder dialled = new StringBuilder();
    hear(line.through(G711.MU_LAW)).forEach(key -> dialled.append(key.digit()));
    assertThat(dialled).hasToString(KEYS);
  }

  @Test
  void heard_keyAfterSpeech_isHeardWhereItBegan() {
    short[] sentence = Line.sentence();
    Line line = new Line(6000, random).put(0, Line.spoken(sentence, 1, 0));
    int at = 20_000;
    double[] rest = new double[line.length()];
    System.arraycopy(Line.spoken(sentence, 1, 0), at, rest, at, sentence.length - 2 - at);
    for (int i = 0; i < rest.length; i++) {
      rest[i] = -rest[i]; // the talker stops in the midst of a word
    }
    line.put(0, rest);
    press(line, at, 800, 4, -9, 0, 0, 0);
    assertThat(hear(line.through(G711.MU_LAW)))
        .singleElement()
        .satisfies(
            key -> {
              assertThat(key.digit()).isEqualTo('4');
              assertThat(key.onset()).isCloseTo(at, within(40L));
            });
  }

  @Test
  void heard_speechOfAnHour_noKey() {
    short[] sentence = Line.sentence();
    long samples = 0;
    int keys = 0;
    for (double speed = 0.6; samples < 3600L * Line.RATE; speed += 0.0015) {
      double[] spoken = Line.spoken(sentence, speed, -random.nextInt(20));
      Line line = new Line(spoken.length / 8, random).put(0, spoken);
      keys += hear(line.through(anyLaw())).size();
      samples += line.length();
    }
    System.out.printf("figure: DTMF in %d s of speech: %d keys%n", samples / Line.RATE, keys);
    assertThat(keys).isZero();
  }

  @ParameterizedTest
  @CsvSource({"2, 5", "4, 0", "8, 0"})
  void heard_musicOfAQuarterOfAnHour_hardlyAKey(int harmonics, int most) {
    Line line = new Line(900_000, random).put(0, Line.music(900, 3, harmonics, random));
    int keys = hear(line.through(G711.MU_LAW)).size();
    System.out.printf("figure: DTMF in 900 s of music of %d harmonics: %d keys%n", harmonics, keys);
    assertThat(keys).isLessThanOrEqualTo(most);
  }

  @Test
  void heard_musicOfPureSines_seldomAKey() {
    Line line = new Line(900_000, random).put(0, Line.music(900, 3, 1, random));
    int keys = hear(line.through(G711.MU_LAW)).size();
    System.out.printf("figure: DTMF in 900 s of music of pure sines: %d keys%n", keys);
    // Two sines of these frequencies are a key, whoever makes them.
    assertThat(keys).isLessThan(60);
  }

  @ParameterizedTest
  @CsvSource({
    "350, 440", "440, 480", "480, 620", "425, 425", "400, 450", "950, 1400", "1400, 1800",
    "1100, 2100", "941, 941", "1336, 1336", "697, 770", "1209, 1336", "697, 2100", "300, 1209"
  })
  void heard_toneOfTheNetwork_noKey(double one, double other) {
    Line line = new Line(10_000, random).noise(-60);
    for (int at = 0; at + 4000 <= line.length(); at += 4000) {
      line.sine(at, 2000, one, 0.2).sine(at, 2000, other, 0.2);
    }
    assertThat(hear(line.through(G711.A_LAW))).isEmpty();
  }

  @Test
  void heard_noiseAndSilence_noKey() {
    assertThat(hear(new Line(60_000, random).through(G711.MU_LAW))).isEmpty();
    assertThat(hear(new Line(600_000, random).noise(-20).through(G711.MU_LAW))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 16_000, 11_025, 48_000})
  void heard_otherRatesAndStretches_sameKeys(int rate) {
    short[] sound = new short[rate];
    for (int i = rate / 10; i < rate / 10 + rate / 20; i++) {
      sound[i] =
          (short)
              (6000 * Math.sin(2 * Math.PI * 852 * i / rate)
                  + 6000 * Math.sin(2 * Math.PI * 1477 * i / rate));
    }
    DtmfDetector detector = new DtmfDetector(rate);
    int keys = 0;
    for (int at = 0, length = 1; at + length <= rate; at += length, length = 1 + at % 300) {
      short[] piece = new short[length + 5];
      System.arraycopy(sound, at, piece, 0, length);
      keys += detector.heard(piece, length) ? 1 : 0;
    }
    assertThat(keys).isEqualTo(1);
    assertThat(detector.digit()).isEqualTo('9');
    assertThat(detector.onset()).isCloseTo(rate / 10, within(rate / 200L));
  }

  @Test
  void detector_beforeTheFirstKey_knowsNone() {
    DtmfDetector detector = new DtmfDetector(8000);
    assertThat(detector.digit()).isEqualTo(' ');
    assertThat(detector.onset()).isEqualTo(-1);
    assertThatThrownBy(() -> new DtmfDetector(2000)).isInstanceOf(IllegalArgumentException.class);
  }
}
