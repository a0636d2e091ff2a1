package org.rayo.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for speech and what is not, in synthetic sound. */
class EnergySpeechDetectorTest {

  private final Random random = new Random(7);
  private final EnergySpeechDetector detector = new EnergySpeechDetector(8000);

  @Test
  void heard_silence_isNothing() {
    assertThat(heardMillis(new short[16_000])).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-32, -40, -45, -60})
  void heard_steadyNoise_isNothing(double dbfs) {
    assertThat(heardMillis(noise(40_000, dbfs))).isZero();
  }

  @Test
  void heard_noiseThatRises_isForgottenSoon() {
    heardMillis(noise(16_000, -65));
    heardMillis(noise(24_000, -50));
    assertThat(heardMillis(noise(40_000, -50))).isZero();
  }

  @Test
  void heard_click_isNothing() {
    short[] sound = noise(16_000, -65);
    for (int i = 8000; i < 8200; i++) {
      sound[i] = 20_000;
    }
    assertThat(heardMillis(sound)).isZero();
  }

  @Test
  void heard_burstsLikeSyllables_areMostlyHeard() {
    short[] sound = noise(32_000, -60);
    short[] voice = noise(32_000, -28);
    int spoken = 0;
    for (int i = 8000; i < 32_000; i++) {
      boolean syllable = i / 1200 % 3 != 0;
      sound[i] = syllable ? voice[i] : sound[i];
      spoken += syllable ? 1 : 0;
    }
    int heard = heardMillis(sound);
    System.out.println("figure: speech bursts: " + spoken / 8 + " ms spoken, " + heard + " heard");
    assertThat(heard).isBetween(spoken / 8 * 85 / 100, spoken / 8 * 115 / 100);
  }

  @Test
  void heard_steadyLoudTone_isSound() {
    short[] tone = new short[16_000];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (short) (8000 * Math.sin(i * 0.5));
    }
    assertThat(heardMillis(tone)).isGreaterThan(1900);
  }

  @Test
  void heard_offsetOfTheLine_isNothing() {
    short[] offset = new short[16_000];
    Arrays.fill(offset, (short) 2000);
    assertThat(heardMillis(offset)).isZero();
  }

  private int heardMillis(short[] sound) {
    int heard = 0;
    short[] frame = new short[160];
    for (int at = 0; at + 160 <= sound.length; at += 160) {
      System.arraycopy(sound, at, frame, 0, 160);
      heard += detector.heard(frame, 160) ? 20 : 0;
    }
    return heard;
  }

  private short[] noise(int count, double dbfs) {
    double deviation = Math.sqrt(Levels.meanSquareOf(dbfs));
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (short) Math.round(random.nextGaussian() * deviation);
    }
    return samples;
  }

  @Test
  void sinceSpeech_speechInTheMiddleOfAStretch_countsWhatCameAfterIt() {
    short[] stretch = new short[8000];
    for (int i = 1600; i < 4000; i++) {
      stretch[i] = (short) (8000 * Math.sin(2 * Math.PI * 300 * i / 8000));
    }
    assertThat(detector.heard(stretch, stretch.length)).isTrue();
    assertThat(detector.sinceSpeech()).isBetween(3840L, 4000L);
    assertThat(detector.heard(new short[100], 100)).isFalse();
    assertThat(detector.sinceSpeech()).isBetween(3940L, 4100L);
  }
}
