package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.audio.Levels;
import org.rayo.media.audio.Tones;

/** MP3: to the sample, by an independent decoder; the same for every LAME there is. */
abstract class Mp3EncoderContract {

  @TempDir Path directory;

  /** The one that is tested. */
  abstract AudioEncoders encoders();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 160, 575, 576, 577, 1104, 1105, 2400, 8000, 80_000, 123_457})
  void mono_anyLength_decodesToTheSample(int count) throws Exception {
    assumeTrue(Decoded.available());
    byte[] file = encode(new short[count], 8000, 1, Encoding.DEFAULT);
    assertThat(decode(file)).hasSize(count);
  }

  @ParameterizedTest
  @CsvSource({
    "8000, 1, 8",
    "8000, 1, 16",
    "8000, 2, 16",
    "8000, 2, 64",
    "11025, 1, 24",
    "11025, 2, 64",
    "12000, 1, 24",
    "16000, 1, 32",
    "16000, 2, 64",
    "22050, 1, 32",
    "22050, 2, 56",
    "24000, 1, 40",
    "32000, 1, 64",
    "44100, 1, 64",
    "44100, 2, 160",
    "48000, 2, 128"
  })
  void everyRate_sweep_decodesToTheSampleAtItsPlace(int rate, int channels, int kbps)
      throws Exception {
    assumeTrue(Decoded.available());
    short[] tone = sweep(rate);
    short[] pcm = new short[tone.length * channels];
    for (int i = 0; i < tone.length; i++) {
      pcm[i * channels] = tone[i];
    }
    Encoding encoding = new Encoding(OptionalInt.empty(), OptionalInt.of(kbps));
    short[] decoded = decode(encode(pcm, rate, channels, encoding));
    assertThat(decoded).hasSize(pcm.length);
    short[] left = new short[tone.length];
    for (int i = 0; i < left.length; i++) {
      left[i] = decoded[i * channels];
    }
    assertThat(bestShift(tone, left)).as("shift in samples").isZero();
    double level = Levels.dbfs(left, rate / 2, rate);
    assertThat(level).isBetween(-12 - 3.01 - 1.5, -12 - 3.01 + 1.5);
  }

  @Test
  void headAndCrcs_finished_areWhatTheBytesSay() throws Exception {
    byte[] file = encode(new short[8000], 8000, 1, Encoding.DEFAULT);
    int tagBytes = 216;
    assertThat(new String(file, 4 + 9, 4, US_ASCII)).isEqualTo("Info");
    assertThat(integer(file, 13 + 8) * 216L + tagBytes).isEqualTo(file.length);
    assertThat(integer(file, 13 + 12)).isEqualTo(file.length);
    Crc16 music = new Crc16();
    music.update(file, tagBytes, file.length - tagBytes);
    assertThat(integer(file, 13 + 120 + 30) & 0xffff).isEqualTo(music.value());
    Crc16 head = new Crc16();
    head.update(file, 0, 13 + 120 + 34);
    assertThat(integer(file, 13 + 120 + 32) & 0xffff).isEqualTo(head.value());
  }

  @Test
  void cutAt_anyByte_playsWhatItSays() throws Exception {
    assumeTrue(Decoded.available());
    short[] tone = Tones.sine(700, Duration.ofSeconds(3), -12, Duration.ofMillis(10), 8000);
    AudioEncoder encoder = encoders().open(AudioFormat.MP3, 8000, 1, Encoding.DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.begin(out::write);
    encoder.encode(tone, 0, tone.length, out::write);
    for (int size : List.of(3000, 3001, 4321, out.size() - 1, out.size())) {
      Ending ending = encoder.cutAt(size);
      byte[] file = apply(Arrays.copyOf(out.toByteArray(), (int) ending.sizeBytes()), ending);
      assertThat(ending.samples()).isGreaterThan(2 * 8000 * (size - 216L) / 6000 * 9 / 10 - 1200);
      assertThat(decode(file)).hasSize((int) ending.samples());
    }
    assertThat(encoder.cutAt(100).sizeBytes()).isZero();
  }

  @Test
  void unfinished_blankTag_plays() throws Exception {
    assumeTrue(Decoded.available());
    AudioEncoder encoder = encoders().open(AudioFormat.MP3, 8000, 1, Encoding.DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.begin(out::write);
    encoder.encode(new short[16_000], 0, 16_000, out::write);
    assertThat(decode(out.toByteArray()).length).isGreaterThan(16_000 - 2 * 576 - 2000);
  }

  @Test
  void open_everyRateBitrateAndQuality_works() throws Exception {
    for (int rate : MpegLayout.SAMPLE_RATES) {
      for (int kbps : new MpegLayout(rate, 1).bitratesKbps()) {
        for (int quality : List.of(0, 5, 9)) {
          Encoding encoding = new Encoding(OptionalInt.of(quality), OptionalInt.of(kbps));
          encode(new short[1000], rate, 1, encoding);
          encode(new short[1000], rate, 2, encoding);
        }
      }
    }
  }

  @Test
  void open_impossibleHints_saysWhatIsPossible() {
    assertThatThrownBy(
            () ->
                encoders()
                    .open(
                        AudioFormat.MP3,
                        8000,
                        1,
                        new Encoding(OptionalInt.empty(), OptionalInt.of(128))))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("8000 Hz has no 128 kbit/s")
        .hasMessageContaining("24, 32");
    assertThatThrownBy(() -> encoders().open(AudioFormat.MP3, 96_000, 1, Encoding.DEFAULT))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("96000")
        .hasMessageContaining("11025, 12000");
  }

  @Test
  void parallelEncoders_sameInput_sameBytes() throws Exception {
    short[] noise = new short[40_000];
    Random random = new Random(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) (random.nextGaussian() * 3000);
    }
    byte[] expected = encode(noise, 8000, 1, Encoding.DEFAULT);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<byte[]>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        all.add(threads.submit(() -> encode(noise, 8000, 1, Encoding.DEFAULT)));
      }
      for (Future<byte[]> one : all) {
        assertThat(one.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private byte[] encode(short[] pcm, int rate, int channels, Encoding encoding)
      throws MediaException {
    AudioEncoder encoder = encoders().open(AudioFormat.MP3, rate, channels, encoding);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.begin(out::write);
    int total = pcm.length / channels;
    for (int at = 0; at < total; at += 1600) {
      encoder.encode(pcm, at * channels, Math.min(1600, total - at), out::write);
    }
    Ending ending = encoder.finish(out::write);
    assertThat(ending.samples()).isEqualTo(total);
    assertThat(ending.sizeBytes()).isEqualTo(out.size());
    return apply(out.toByteArray(), ending);
  }

  private static byte[] apply(byte[] file, Ending ending) {
    for (Patch patch : ending.patches()) {
      System.arraycopy(patch.bytes(), 0, file, (int) patch.offset(), patch.bytes().length);
    }
    return file;
  }

  private short[] decode(byte[] file) throws Exception {
    Path mp3 = Files.createTempFile(directory, "test", ".mp3");
    Files.write(mp3, file);
    return Decoded.samples(mp3);
  }

  /** Two seconds from 400 to 2,000 Hz, crests at −12 dBFS: no stretch of it looks like another. */
  private static short[] sweep(int rate) {
    short[] samples = new short[2 * rate];
    for (int i = 0; i < samples.length; i++) {
      double seconds = (double) i / rate;
      double phase = 2 * Math.PI * (400 * seconds + 400 * seconds * seconds);
      samples[i] = (short) Math.round(8231 * Math.sin(phase));
    }
    return samples;
  }

  private static int integer(byte[] bytes, int at) {
    return java.nio.ByteBuffer.wrap(bytes).getInt(at);
  }

  /** By how many samples the decoded one is late, where both agree best. */
  private static int bestShift(short[] original, short[] decoded) {
    int best = 0;
    double bestError = Double.MAX_VALUE;
    for (int shift = -40; shift <= 40; shift++) {
      double error = 0;
      for (int i = 100; i < original.length - 100; i++) {
        double difference = original[i] - decoded[i + shift];
        error += difference * difference;
      }
      if (error < bestError) {
        bestError = error;
        best = shift;
      }
    }
    return best;
  }
}
