package org.rayo.testkit.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.testkit.peers.MediaTools;
import org.rayo.testkit.peers.RequiresPeer;

class Mp3DecoderTest {

  @TempDir Path directory;

  @ParameterizedTest
  @RequiresPeer({"lame", "mpg123", "ffprobe", "sox"})
  @CsvSource({
    "8000,1,32,576",
    "8000,1,24,576",
    "8000,2,32,576",
    "16000,1,48,576",
    "22050,2,64,576",
    "44100,1,64,1152",
    "44100,2,128,1152",
    "48000,1,64,1152"
  })
  void decode_lamesFile_isExactToTheSampleAndAgreesWithMpg123(
      int rate, int channels, int kbps, int perFrame) {
    Path wav = directory.resolve("in.wav");
    Path mp3 = directory.resolve("out.mp3");
    short[] speech = Speech.fiveSeconds().toPcm();
    short[] tone = AudioSource.tone(440, -10, 5000).toPcm();
    // At another rate the same samples are other sounds, which does not matter here.
    WavFile.write(
        wav,
        new Decoded(channels == 1 ? new short[][] {speech} : new short[][] {speech, tone}, rate));
    MediaTools.lame(
        wav,
        mp3,
        "--resample",
        Double.toString(rate / 1000.0),
        "-b",
        Integer.toString(kbps),
        "-m",
        channels == 1 ? "m" : "s");
    Mp3Decoder.Mp3File file = Mp3Decoder.decode(mp3);
    Decoded other = MediaTools.mpg123(mp3);
    assertThat(file.tag()).isPresent();
    assertThat(file.tag().get().frames()).hasValue(file.frames());
    assertThat(file.samplesPerFrame()).isEqualTo(perFrame);
    assertThat(file.missingSamples()).isZero();
    assertThat(file.audio().sampleRateHz()).isEqualTo(rate);
    assertThat(file.audio().channels()).hasDimensions(channels, speech.length);
    assertThat(other.samples()).isEqualTo(speech.length);
    Correlation sent = Correlation.best(file.audio().channel(0), speech);
    Correlation same = Correlation.best(file.audio().channel(0), other.channel(0));
    assertThat(sent.lagSamples()).isBetween(-1, 1);
    assertThat(sent.coefficient()).isGreaterThan(0.9);
    assertThat(same.lagSamples()).isZero();
    assertThat(same.coefficient()).isGreaterThan(0.9999);
    if (channels == 2) {
      ToneMeter.Tone heard = ToneMeter.dominant(file.audio().channel(1), rate).orElseThrow();
      assertThat(heard.frequencyHz()).isCloseTo(440.0 * rate / 8000, within(1.0));
      assertThat(heard.levelDbfs()).isCloseTo(-10, within(0.5));
    }
  }

  @Test
  @RequiresPeer({"lame", "ffprobe"})
  void decode_withoutTag_givesWholeFrames() {
    Path wav = directory.resolve("in.wav");
    Path mp3 = directory.resolve("out.mp3");
    WavFile.write(wav, new Decoded(new short[][] {Speech.fiveSeconds().toPcm()}, 8000));
    MediaTools.lame(wav, mp3, "-t", "-b", "16", "-m", "m");
    Mp3Decoder.Mp3File file = Mp3Decoder.decode(mp3);
    assertThat(file.tag()).isEmpty();
    assertThat(file.audio().samples()).isEqualTo(file.frames() * 576);
    MediaTools.Probe probe = MediaTools.probe(mp3);
    assertThat(probe.codec()).isEqualTo("mp3");
    assertThat(probe.sampleRateHz()).isEqualTo(8000);
    assertThat(probe.durationSeconds()).isCloseTo(file.frames() * 0.072, within(0.08));
  }

  @Test
  void decode_noMp3_isRefused() {
    assertThatThrownBy(() -> Mp3Decoder.decode(new byte[1000]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
