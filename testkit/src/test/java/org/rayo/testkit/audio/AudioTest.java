package org.rayo.testkit.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioTest {

  @TempDir Path directory;

  @Test
  void g711_everyCode_comesBackAsItself() {
    for (int code = 0; code < 256; code++) {
      byte coded = (byte) code;
      assertThat(G711.toAlaw(G711.fromAlaw(coded))).isEqualTo(coded);
      if (code != 0x7F) { // µ-law's minus zero
        assertThat(G711.toUlaw(G711.fromUlaw(coded))).isEqualTo(coded);
      }
    }
  }

  @Test
  void g711_extremes_areThoseOfTheRecommendation() {
    assertThat(G711.fromUlaw((byte) 0x80)).isEqualTo((short) 32124);
    assertThat(G711.fromUlaw((byte) 0x00)).isEqualTo((short) -32124);
    assertThat(G711.fromUlaw((byte) 0xFF)).isEqualTo((short) 0);
    assertThat(G711.fromAlaw((byte) 0xAA)).isEqualTo((short) 32256);
    assertThat(G711.fromAlaw((byte) 0x2A)).isEqualTo((short) -32256);
    assertThat(G711.fromAlaw((byte) 0xD5)).isEqualTo((short) 8);
  }

  @Test
  void speech_isFiveSecondsToTheSample() {
    assertThat(Speech.fiveSeconds().samples()).isEqualTo(40_000);
    assertThat(ToneMeter.levelDbfs(Speech.fiveSeconds().toPcm())).isBetween(-30.0, -10.0);
  }

  @Test
  void wav_written_isReadBack() {
    short[] left = AudioSource.tone(440, -10, 100).toPcm();
    short[] right = AudioSource.tone(880, -20, 100).toPcm();
    Path file = directory.resolve("x.wav");
    WavFile.write(file, new Decoded(new short[][] {left, right}, 8000));
    WavFile read = WavFile.read(file);
    assertThat(read.faults()).isEmpty();
    assertThat(read.audio().channels()).isDeepEqualTo(new short[][] {left, right});
    assertThat(read.audio().durationMillis()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({"100,0,1000", "440,-10,100", "1004.3,-26,500", "3300,-40,1000", "3700.7,-3,10000"})
  void dominant_tone_isFoundByFrequencyAndLevel(double hz, double dbfs, long millis) {
    ToneMeter.Tone tone =
        ToneMeter.dominant(AudioSource.tone(hz, dbfs, millis).toPcm(), 8000).orElseThrow();
    assertThat(tone.frequencyHz()).isCloseTo(hz, within(0.1));
    assertThat(tone.levelDbfs()).isCloseTo(dbfs, within(0.05));
    assertThat(tone.snrDb()).isGreaterThan(40); // What 16 bits leave of a tone at -40 dBFS.
  }

  @Test
  void dominant_toneInNoise_hasItsSnr() {
    short[] pcm = AudioSource.tone(1000, -12, 2000).toPcm();
    Random random = new Random(7);
    // White noise 20 dB below the tone: standard deviation of the tone's r.m.s. over ten.
    double sigma = Short.MAX_VALUE * Math.pow(10, -12 / 20.0) / Math.sqrt(2) / 10;
    for (int i = 0; i < pcm.length; i++) {
      pcm[i] += (short) Math.round(sigma * random.nextGaussian());
    }
    ToneMeter.Tone tone = ToneMeter.dominant(pcm, 8000).orElseThrow();
    assertThat(tone.frequencyHz()).isCloseTo(1000, within(0.5));
    assertThat(tone.snrDb()).isCloseTo(20, within(0.5));
  }

  @Test
  void dominant_silence_isEmpty() {
    assertThat(ToneMeter.dominant(new short[8000], 8000)).isEmpty();
  }

  @Test
  void find_toneBetweenSilences_givesItsEnds() {
    short[] pcm =
        AudioSource.silence(300)
            .then(AudioSource.tone(800, -10, 400))
            .then(AudioSource.silence(300))
            .toPcm();
    ToneMeter.Span span = ToneMeter.find(pcm, 8000, 800, -30).orElseThrow();
    assertThat(span.start()).isCloseTo(2400, within(8));
    assertThat(span.end()).isCloseTo(5600, within(8));
    assertThat(ToneMeter.find(pcm, 8000, 2000, -30)).isEmpty();
  }

  @Test
  void correlation_shiftedAndCompanded_findsLag() {
    short[] speech = Speech.fiveSeconds().toPcm();
    short[] recorded = new short[speech.length + 1234];
    for (int i = 0; i < speech.length; i++) {
      recorded[i + 1234] = (short) (G711.fromUlaw(G711.toUlaw(speech[i])) / 2);
    }
    Correlation found = Correlation.best(recorded, speech);
    assertThat(found.lagSamples()).isEqualTo(1234);
    assertThat(found.coefficient()).isGreaterThan(0.99);
    Correlation cut = Correlation.best(Arrays.copyOfRange(recorded, 3234, 33_234), speech);
    assertThat(cut.lagSamples()).isEqualTo(-2000);
  }

  @Test
  void correlation_otherSignal_isLow() {
    short[] tone = AudioSource.tone(500, -10, 5000).toPcm();
    assertThat(Correlation.best(tone, Speech.fiveSeconds().toPcm()).coefficient()).isLessThan(0.4);
  }
}
