package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Another rate: the same sound, at the same time, and nothing beside it. Prints figures. */
class ResamplerTest {

  private static final double PEAK = 16_000;

  @ParameterizedTest
  @ValueSource(ints = {11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
  void up_passesSpeechAndMirrorsNothing(int rate) {
    double low = Double.MAX_VALUE;
    double high = -Double.MAX_VALUE;
    double mirrored = -Double.MAX_VALUE;
    for (int hz = 100; hz <= 3400; hz += 100) {
      short[] tone = resampled(tone(hz, 8000, 8000), 8000, rate, 1);
      double level = level(tone, hz, rate);
      low = Math.min(low, level);
      high = Math.max(high, level);
      mirrored = Math.max(mirrored, residueLevel(tone, hz, rate));
    }
    System.out.printf(
        "figure: resampler 8000 to %d Hz: 100 to 3,400 Hz within %+.4f and %+.4f dB, all else below"
            + " %.1f dB%n",
        rate, low, high, mirrored);
    assertThat(low).isGreaterThan(-0.05);
    assertThat(high).isLessThan(0.05);
    assertThat(mirrored).isLessThan(-70);
  }

  @ParameterizedTest
  @ValueSource(ints = {11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
  void down_passesSpeechAndFoldsNothingBack(int rate) {
    double worst = 0;
    for (int hz = 100; hz <= 3400; hz += 300) {
      worst =
          Math.max(
              worst, Math.abs(level(resampled(tone(hz, rate, rate), rate, 8000, 1), hz, 8000)));
    }
    double folded = -Double.MAX_VALUE;
    for (double hz = 4000; hz < rate / 2.0; hz += (rate / 2.0 - 4000) / 23) {
      short[] out = resampled(tone(hz, rate, rate), rate, 8000, 1);
      folded = Math.max(folded, decibels(meanSquare(out) / (PEAK * PEAK / 2)));
    }
    System.out.printf(
        "figure: resampler %d to 8000 Hz: 100 to 3,400 Hz within %.4f dB, folded back %.1f dB%n",
        rate, worst, folded);
    assertThat(worst).isLessThan(0.05);
    assertThat(folded).isLessThan(-70);
  }

  /** The crest of a pulse is where it was: what a filter is late by is made good. */
  @ParameterizedTest
  @CsvSource({"8000, 44100", "8000, 48000", "8000, 11025", "48000, 8000", "44100, 48000"})
  void pulse_staysAtItsTime(int in, int out) {
    short[] pcm = new short[in];
    for (int i = 0; i < pcm.length; i++) {
      double seconds = (double) i / in - 0.5;
      pcm[i] = (short) Math.round(20_000 * Math.exp(-seconds * seconds / 2 / 0.0005 / 0.0005));
    }
    short[] other = resampled(pcm, in, out, 1);
    double weighted = 0;
    double sum = 0;
    for (int i = 0; i < other.length; i++) {
      weighted += (double) i / out * other[i];
      sum += other[i];
    }
    assertThat(weighted / sum).isBetween(0.5 - 2e-6, 0.5 + 2e-6);
  }

  @Test
  void length_anyNumberOfSamples_isRoundedHalfUp() {
    Random random = new Random(3);
    int[] rates = {8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000};
    for (int in : rates) {
      for (int out : rates) {
        for (int count : new int[] {0, 1, 2, 7, 160, 8000, random.nextInt(5000)}) {
          int expected = (int) Math.floor((double) count * out / in + 0.5);
          assertThat(resampled(new short[count], in, out, 1)).hasSize(expected);
        }
      }
    }
  }

  @Test
  void blocks_ofAnySize_giveTheSame() {
    short[] noise = noise(2 * 20_000);
    short[] once = resampled(noise, 8000, 44_100, 2);
    Random random = new Random(5);
    Resampler resampler = new Resampler(8000, 44_100, 2);
    short[] all = new short[0];
    for (int at = 0; at < 20_000; ) {
      int count = Math.min(20_000 - at, random.nextInt(700));
      all = join(all, resampler, resampler.resample(noise, 2 * at, count));
      at += count;
    }
    all = join(all, resampler, resampler.flush());
    assertThat(all).isEqualTo(once);
  }

  @Test
  void stereo_channels_stayApart() {
    short[] left = noise(8000);
    short[] both = new short[16_000];
    for (int i = 0; i < left.length; i++) {
      both[2 * i] = left[i];
    }
    short[] one = resampled(left, 8000, 22_050, 1);
    short[] two = resampled(both, 8000, 22_050, 2);
    for (int i = 0; i < one.length; i++) {
      assertThat(two[2 * i]).isEqualTo(one[i]);
      assertThat(two[2 * i + 1]).isZero();
    }
  }

  @Test
  void fullScale_clipsAndNeverWraps() {
    short[] square = new short[8000];
    for (int i = 0; i < square.length; i++) {
      square[i] = i / 40 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;
    }
    short[] out = resampled(square, 8000, 48_000, 1);
    for (int i = 0; i < out.length; i++) {
      int inHalf = i % 240;
      if (inHalf > 12 && inHalf < 228) {
        assertThat(out[i] > 0).as("sample %d", i).isEqualTo(i / 240 % 2 == 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16_000, 44_100, 48_000})
  void cost_figure(int rate) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    short[] block = noise(1600);
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 8; round++) {
      Resampler resampler = new Resampler(8000, rate, 1);
      long before = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < 50; i++) {
        resampler.resample(block, 0, 1600);
      }
      best = Math.min(best, threads.getCurrentThreadCpuTime() - before);
    }
    System.out.printf(
        "figure: resampler 8000 to %d Hz: %.2f %% of a core per call%n", rate, best / 10e9 * 100);
  }

  private static short[] resampled(short[] pcm, int in, int out, int channels) {
    Resampler resampler = new Resampler(in, out, channels);
    int count = pcm.length / channels;
    short[] first = join(new short[0], resampler, resampler.resample(pcm, 0, count), channels);
    return join(first, resampler, resampler.flush(), channels);
  }

  private static short[] join(short[] before, Resampler resampler, int count) {
    return join(before, resampler, count, 2);
  }

  private static short[] join(short[] before, Resampler resampler, int count, int channels) {
    short[] all = Arrays.copyOf(before, before.length + count * channels);
    System.arraycopy(resampler.out(), 0, all, before.length, count * channels);
    return all;
  }

  private static short[] tone(double hz, int rate, int count) {
    short[] tone = new short[count];
    for (int i = 0; i < count; i++) {
      tone[i] = (short) Math.round(PEAK * Math.sin(2 * Math.PI * hz * i / rate));
    }
    return tone;
  }

  /** In dB, against what went in; the ends, where the tone begins and stops, are left out. */
  private static double level(short[] pcm, double hz, int rate) {
    double[] fit = fit(pcm, hz, rate);
    return decibels((fit[0] * fit[0] + fit[1] * fit[1]) / (PEAK * PEAK));
  }

  /** All that is not the tone, in dB against it. */
  private static double residueLevel(short[] pcm, double hz, int rate) {
    double[] fit = fit(pcm, hz, rate);
    double sum = 0;
    int from = pcm.length / 10;
    int to = pcm.length - from;
    for (int i = from; i < to; i++) {
      double angle = 2 * Math.PI * hz * i / rate;
      double rest = pcm[i] - fit[0] * Math.cos(angle) - fit[1] * Math.sin(angle);
      sum += rest * rest;
    }
    return decibels(sum / (to - from) / (PEAK * PEAK / 2));
  }

  private static double[] fit(short[] pcm, double hz, int rate) {
    double cc = 0;
    double cs = 0;
    double ss = 0;
    double xc = 0;
    double xs = 0;
    int from = pcm.length / 10;
    for (int i = from; i < pcm.length - from; i++) {
      double angle = 2 * Math.PI * hz * i / rate;
      double c = Math.cos(angle);
      double s = Math.sin(angle);
      cc += c * c;
      cs += c * s;
      ss += s * s;
      xc += pcm[i] * c;
      xs += pcm[i] * s;
    }
    double determinant = cc * ss - cs * cs;
    return new double[] {(xc * ss - xs * cs) / determinant, (xs * cc - xc * cs) / determinant};
  }

  private static double meanSquare(short[] pcm) {
    double sum = 0;
    int from = pcm.length / 10;
    for (int i = from; i < pcm.length - from; i++) {
      sum += (double) pcm[i] * pcm[i];
    }
    return sum / (pcm.length - 2 * from) + 1e-9;
  }

  private static double decibels(double ratio) {
    return 10 * Math.log10(ratio);
  }

  private static short[] noise(int count) {
    Random random = new Random(1);
    short[] noise = new short[count];
    for (int i = 0; i < count; i++) {
      noise[i] = (short) (random.nextGaussian() * 4000);
    }
    return noise;
  }
}
