package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.audio.Levels;
import org.rayo.media.audio.Tones;

/** The pages of an Ogg Opus file at every moment of its life. */
class OggOpusEncoderTest {

  @TempDir Path directory;

  @Test
  void pages_whileRecording_comeTwiceASecond() throws Exception {
    AudioEncoder encoder = open(8000, 1, Encoding.DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.begin(out::write);
    int size = out.size();
    int silent = 0;
    for (int i = 0; i < 500; i++) {
      encoder.encode(new short[160], 0, 160, out::write);
      silent = out.size() == size ? silent + 1 : 0;
      size = out.size();
      assertThat(silent).as("frames of 20 ms kept back").isLessThan(25);
    }
  }

  @Test
  void finished_headAndGranules_areWhatRfc7845Says() throws Exception {
    OggOpusFile file = OggOpusFile.read(Kind.OPUS.encode(new short[2 * 16_123], 2));
    assertThat(file.channels()).isEqualTo(2);
    assertThat(file.rate()).isEqualTo(8000);
    assertThat(file.preSkip()).isEqualTo(312);
    OggOpusFile.Page last = file.pages().get(file.pages().size() - 1);
    assertThat(last.granule()).isEqualTo(312 + 6 * 16_123);
  }

  @Test
  void everyRateQualityAndBitrate_decodesToTheSample() throws Exception {
    for (int rate : OggOpusEncoder.SAMPLE_RATES) {
      for (int channels = 1; channels <= 2; channels++) {
        for (int kbps : channels == 1 ? new int[] {6, 16, 64, 256} : new int[] {40, 256}) {
          for (int quality : new int[] {0, 5, 9}) {
            Encoding encoding = new Encoding(OptionalInt.of(quality), OptionalInt.of(kbps));
            short[] pcm = noise((rate / 2 + 7) * channels);
            byte[] file = Kind.encode(pcm, channels, open(rate, channels, encoding));
            assertThat(OggOpusFile.read(file).samples()).hasSize(pcm.length);
          }
        }
      }
    }
  }

  @Test
  void bitrate_isKeptInTheMean() throws Exception {
    for (int kbps : new int[] {8, 16, 24, 48, 96}) {
      Encoding encoding = new Encoding(OptionalInt.empty(), OptionalInt.of(kbps));
      byte[] file = Kind.encode(noise(20 * 8000), 1, open(8000, 1, encoding));
      assertThat(file.length * 8 / 20_000.0).isBetween(kbps * 0.6, kbps * 1.15 + 1.5);
    }
  }

  @Test
  void opusdec_anotherDecoder_hearsTheSameToneAtTheSamePlace() throws Exception {
    if (!Program.isThere("opusdec")) {
      return;
    }
    short[] tone = Tones.sine(700, Duration.ofSeconds(2), -12, Duration.ofMillis(10), 8000);
    short[] pcm = new short[20_001];
    System.arraycopy(tone, 0, pcm, 2000, tone.length);
    Path file = Files.write(directory.resolve("tone.opus"), Kind.OPUS.encode(pcm, 1));
    Path raw = directory.resolve("tone.raw");
    Program.Result result =
        Program.run(
            directory, ("opusdec --quiet --no-dither --rate 48000 " + file + " " + raw).split(" "));
    assertThat(result.status()).isZero();
    byte[] bytes = Files.readAllBytes(raw);
    short[] heard = new short[bytes.length / 2];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(heard);
    assertThat(heard).hasSize(6 * pcm.length);
    assertThat(Levels.dbfs(heard, 0, 6 * 1800)).isLessThan(-60);
    assertThat(Levels.dbfs(heard, 6 * 3000, 48_000)).isBetween(-16.0, -14.0);
    assertThat(shift(pcm, heard)).as("samples at 48 kHz").isBetween(-6, 6);
  }

  @Test
  void cutAt_anyByte_isAValidFile() throws Exception {
    AudioEncoder encoder = open(8000, 1, Encoding.DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.begin(out::write);
    encoder.encode(noise(80_000), 0, 80_000, out::write);
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      int size = random.nextInt(out.size() + 1);
      Ending ending = encoder.cutAt(size);
      assertThat(ending.sizeBytes()).isLessThanOrEqualTo(size);
      if (ending.sizeBytes() > 0) {
        byte[] file = Kind.apply(Arrays.copyOf(out.toByteArray(), size), ending);
        assertThat(OggOpusFile.length(file)).isEqualTo(ending.samples());
        assertThat(ending.samples()).isGreaterThan(size * 8L / 27 * 8 - 6400 - 3200);
      }
    }
    assertThat(encoder.cutAt(Long.MAX_VALUE).samples()).isBetween(80_000L - 3400, 80_000L);
  }

  @Test
  void cutAt_longAgo_isStillAValidFile() {
    PageMarks marks = new PageMarks();
    for (int i = 0; i < 5000; i++) {
      marks.add(new PageMarks.Mark(100L * i, 100, 0, 0, i));
    }
    assertThat(marks.lastWithin(50)).isEmpty();
    assertThat(marks.lastWithin(499_999).orElseThrow().granule()).isEqualTo(4998);
    assertThat(marks.lastWithin(400_000).orElseThrow().granule()).isEqualTo(3999);
    assertThat(marks.lastWithin(300_000).orElseThrow().granule()).isEqualTo(2047);
    assertThat(marks.lastWithin(110_000).orElseThrow().granule()).isEqualTo(1023);
  }

  @Test
  void open_impossible_saysWhatIsPossible() {
    assertThatThrownBy(() -> open(44_100, 1, Encoding.DEFAULT))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("48000");
    assertThatThrownBy(() -> open(8000, 2, new Encoding(OptionalInt.empty(), OptionalInt.of(39))))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("40 to 256");
    assertThatThrownBy(() -> open(8000, 1, new Encoding(OptionalInt.empty(), OptionalInt.of(257))))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("6 to 256");
  }

  private static AudioEncoder open(int rate, int channels, Encoding encoding)
      throws MediaException {
    return AudioEncoders.PORTABLE.open(AudioFormat.OPUS, rate, channels, encoding);
  }

  /** By how much what was heard at 48 kHz is late, where both agree best. */
  private static int shift(short[] original, short[] heard) {
    int best = 0;
    double bestError = Double.MAX_VALUE;
    for (int shift = -60; shift <= 60; shift++) {
      double error = 0;
      for (int i = 1990; i < 6000; i++) {
        double difference = original[i] - heard[6 * i + shift];
        error += difference * difference;
      }
      if (error < bestError) {
        bestError = error;
        best = shift;
      }
    }
    return best;
  }

  private static short[] noise(int count) {
    Random random = new Random(1);
    short[] noise = new short[count];
    for (int i = 0; i < count; i++) {
      noise[i] = (short) (random.nextGaussian() * 2000);
    }
    return noise;
  }
}
