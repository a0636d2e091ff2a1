package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.media.audio.Levels;
import org.rayo.media.audio.Tones;

/** What comes out of every kind of file, against what went in. */
@Tag("slow")
class EncoderQualityTest {

  private static final int RATE = 8000;
  private static final double TONE_DBFS = -12 - 3.01;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anyLength_mono_decodesToTheSample(Kind kind) throws Exception {
    kind.assumePossible();
    Random random = new Random(5);
    for (int count :
        new int[] {
          0,
          1,
          2,
          107,
          108,
          109,
          159,
          160,
          161,
          319,
          320,
          575,
          576,
          577,
          1104,
          1105,
          3092,
          3148,
          3199,
          3200,
          3201,
          3252,
          8000,
          8001,
          40_000,
          123_457,
          random.nextInt(50_000)
        }) {
      byte[] file = kind.encode(noise(count, 1000), 1);
      assertThat(kind.decode(file, directory)).as("%d samples", count).hasSize(count);
      programsAccept(kind, file, count);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anyLength_stereo_decodesToTheSample(Kind kind) throws Exception {
    kind.assumePossible();
    for (int count : new int[] {0, 1, 159, 160, 8000, 8001}) {
      byte[] file = kind.encode(noise(2 * count, 1000), 2);
      assertThat(kind.decode(file, directory)).as("%d samples", count).hasSize(2 * count);
      programsAccept(kind, file, count);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void tone_levelAndFrequency_areKept(Kind kind) throws Exception {
    kind.assumePossible();
    for (int hz : new int[] {300, 697, 1004, 1633, 2500, 3100}) {
      short[] tone = tone(hz);
      short[] decoded = kind.decode(kind.encode(tone, 1), directory);
      double level = Levels.dbfs(decoded, RATE / 2, RATE);
      assertThat(level).as("level at %d Hz", hz).isBetween(TONE_DBFS - 1.5, TONE_DBFS + 1.5);
      double pure = power(decoded, hz) / Levels.meanSquare(decoded, RATE / 2, RATE);
      assertThat(pure).as("share of what is at %d Hz", hz).isGreaterThan(0.85);
      assertThat(strongest(decoded, hz)).as("frequency").isBetween(hz - 2.0, hz + 2.0);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void silence_staysSilent(Kind kind) throws Exception {
    kind.assumePossible();
    short[] decoded = kind.decode(kind.encode(new short[3 * RATE], 1), directory);
    int loudest = 0;
    for (short sample : decoded) {
      loudest = Math.max(loudest, Math.abs(sample));
    }
    int allowed = kind == Kind.WAV_ALAW ? 8 : kind.name().startsWith("WAV") ? 0 : 1;
    assertThat(loudest).isLessThanOrEqualTo(allowed);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void silenceAfterSpeechLoudness_isSilentAgain(Kind kind) throws Exception {
    kind.assumePossible();
    short[] pcm = Arrays.copyOf(noise(RATE, 6000), 4 * RATE);
    short[] decoded = kind.decode(kind.encode(pcm, 1), directory);
    assertThat(Levels.dbfs(decoded, 2 * RATE, 2 * RATE)).isLessThan(-70);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void fullScale_clipsAndNeverWraps(Kind kind) throws Exception {
    kind.assumePossible();
    short[] loud = new short[4 * RATE];
    for (int i = 0; i < loud.length; i++) {
      double sine = 1.5 * Math.sin(2 * Math.PI * (i < 2 * RATE ? 300 : 50) * i / RATE);
      loud[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sine * 32768));
    }
    short[] decoded = kind.decode(kind.encode(loud, 1), directory);
    int wrong = 0;
    for (int i = 400; i < loud.length - 400; i++) {
      boolean middle = loud[i - 3] == loud[i] && loud[i + 3] == loud[i];
      if (middle && (loud[i] > 0) != (decoded[i] > 0)) {
        wrong++;
      }
    }
    assertThat(wrong).as("crests of the wrong sign").isZero();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void stereo_channels_areNeitherSwappedNorMixed(Kind kind) throws Exception {
    kind.assumePossible();
    short[] left = tone(700);
    short[] right = tone(1300);
    short[] pcm = new short[2 * left.length];
    for (int i = 0; i < left.length; i++) {
      pcm[2 * i] = left[i];
      pcm[2 * i + 1] = right[i];
    }
    short[] decoded = kind.decode(kind.encode(pcm, 2), directory);
    double own = 10 * Math.log10(power(channel(decoded, 0), 700) / power(left, 700));
    double other = 10 * Math.log10(power(channel(decoded, 1), 1300) / power(right, 1300));
    double leak =
        Math.max(
            10 * Math.log10(power(channel(decoded, 0), 1300) / power(right, 1300)),
            10 * Math.log10(power(channel(decoded, 1), 700) / power(left, 700)));
    System.out.printf("figure: %s stereo: the other channel is heard at %.0f dB%n", kind, leak);
    assertThat(own).isBetween(-1.5, 1.5);
    assertThat(other).isBetween(-1.5, 1.5);
    assertThat(leak).isLessThan(-20);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void stereo_oneSideSilent_staysSilent(Kind kind) throws Exception {
    kind.assumePossible();
    short[] left = noise(3 * RATE, 4000);
    short[] pcm = new short[2 * left.length];
    for (int i = 0; i < left.length; i++) {
      pcm[2 * i] = left[i];
    }
    short[] decoded = kind.decode(kind.encode(pcm, 2), directory);
    assertThat(Levels.dbfs(channel(decoded, 0), RATE, RATE)).isGreaterThan(-25);
    assertThat(Levels.dbfs(channel(decoded, 1), RATE, RATE)).isLessThan(-55);
  }

  private void programsAccept(Kind kind, byte[] bytes, int count) throws Exception {
    Path file = Files.createTempFile(directory, "test", "." + kind.format.token());
    Files.write(file, bytes);
    kind.programsAccept(file, count);
    Files.delete(file);
  }

  private static short[] tone(double hz) {
    return Tones.sine(hz, Duration.ofSeconds(3), -12, Duration.ofMillis(10), RATE);
  }

  private static short[] noise(int count, double level) {
    Random random = new Random(1);
    short[] noise = new short[count];
    for (int i = 0; i < count; i++) {
      noise[i] = (short) (random.nextGaussian() * level);
    }
    return noise;
  }

  private static short[] channel(short[] pcm, int channel) {
    short[] one = new short[pcm.length / 2];
    for (int i = 0; i < one.length; i++) {
      one[i] = pcm[2 * i + channel];
    }
    return one;
  }

  /** The mean square of one frequency, in the second that begins at 500 ms. */
  private static double power(short[] pcm, double hz) {
    double re = 0;
    double im = 0;
    for (int i = 0; i < RATE; i++) {
      double window = 1 - Math.cos(2 * Math.PI * i / RATE);
      re += window * pcm[RATE / 2 + i] * Math.cos(2 * Math.PI * hz * i / RATE);
      im += window * pcm[RATE / 2 + i] * Math.sin(2 * Math.PI * hz * i / RATE);
    }
    return 2 * (re * re + im * im) / ((double) RATE * RATE);
  }

  private static double strongest(short[] pcm, double near) {
    double best = near - 20;
    for (double hz = near - 20; hz <= near + 20; hz += 0.5) {
      best = power(pcm, hz) > power(pcm, best) ? hz : best;
    }
    return best;
  }
}
