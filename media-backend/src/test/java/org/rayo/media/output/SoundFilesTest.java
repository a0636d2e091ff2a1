package org.rayo.media.output;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.SampleCoding;
import org.rayo.media.audio.Tones;
import org.rayo.media.encode.AudioEncoder;
import org.rayo.media.encode.AudioEncoders;
import org.rayo.media.encode.ByteSink;
import org.rayo.media.encode.Ending;
import org.rayo.media.encode.Patch;

final class SoundFilesTest {

  private static final URI NAME = URI.create("http://example.org/a.wav?token=secret");

  @TempDir Path directory;
  private final SoundFiles sounds = new SoundFiles(Duration.ofMinutes(1));

  /** A file of one of our encoders. */
  static byte[] encoded(AudioFormat format, SampleCoding coding, short[] pcm, int rate)
      throws Exception {
    Encoding encoding = new Encoding(OptionalInt.empty(), OptionalInt.empty(), Optional.of(coding));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteSink sink = out::write;
    try (AudioEncoder encoder = AudioEncoders.PORTABLE.open(format, rate, 1, encoding)) {
      encoder.begin(sink);
      for (int at = 0; at < pcm.length; at += 160) {
        encoder.encode(pcm, at, Math.min(160, pcm.length - at), sink);
      }
      Ending ending = encoder.finish(sink);
      byte[] file = out.toByteArray();
      for (Patch patch : ending.patches()) {
        System.arraycopy(patch.bytes(), 0, file, (int) patch.offset(), patch.bytes().length);
      }
      return file;
    }
  }

  static short[] tone(int hz, int millis, int rate) {
    return Tones.sine(hz, Duration.ofMillis(millis), -6, Duration.ofMillis(5), rate);
  }

  /** By how much the loudest place of {@code b} is later than where it should be. */
  private static void assertAligned(short[] expected, short[] actual, double least) {
    double dot = 0;
    double one = 0;
    double two = 0;
    for (int i = 0; i < Math.min(expected.length, actual.length); i++) {
      dot += (double) expected[i] * actual[i];
      one += (double) expected[i] * expected[i];
      two += (double) actual[i] * actual[i];
    }
    assertThat(dot / Math.sqrt(one * two)).isGreaterThan(least);
  }

  @Test
  void decode_wavOfPcm_isExact() throws Exception {
    short[] tone = tone(440, 500, 8000);

    byte[] file = encoded(AudioFormat.WAV, SampleCoding.PCM, tone, 8000);

    assertThat(sounds.decode(file, 8000, NAME)).isEqualTo(tone);
  }

  @ParameterizedTest
  @EnumSource(
      value = SampleCoding.class,
      names = {"ULAW", "ALAW"})
  void decode_wavOfG711_isNear(SampleCoding coding) throws Exception {
    short[] tone = tone(440, 500, 8000);

    short[] decoded = sounds.decode(encoded(AudioFormat.WAV, coding, tone, 8000), 8000, NAME);

    assertThat(decoded).hasSameSizeAs(tone);
    assertAligned(tone, decoded, 0.999);
  }

  @ParameterizedTest
  @EnumSource(
      value = AudioFormat.class,
      names = {"MP3", "OPUS"})
  void decode_ownLossyFiles_areAsLongAndInPlace(AudioFormat format) throws Exception {
    short[] tone = tone(440, 1010, 8000);

    short[] decoded = sounds.decode(encoded(format, SampleCoding.PCM, tone, 8000), 8000, NAME);

    assertThat(decoded).hasSameSizeAs(tone);
    assertAligned(tone, decoded, 0.98);
  }

  @ParameterizedTest
  @ValueSource(ints = {11_025, 16_000, 44_100, 48_000, 22_050, 12_345})
  void decode_wavOfAnyRate_isResampled(int rate) throws Exception {
    byte[] file = wav(tone(440, 1000, rate), rate);

    short[] decoded = sounds.decode(file, 8000, NAME);

    assertThat(decoded).hasSize(8000);
    assertAligned(tone(440, 1000, 8000), decoded, 0.999);
  }

  private static byte[] wav(short[] pcm, int rate) {
    ByteBuffer file = ByteBuffer.allocate(44 + 2 * pcm.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x46464952).putInt(36 + 2 * pcm.length).putInt(0x45564157);
    file.putInt(0x20746d66).putInt(16).putShort((short) 1).putShort((short) 1);
    file.putInt(rate).putInt(2 * rate).putShort((short) 2).putShort((short) 16);
    file.putInt(0x61746164).putInt(2 * pcm.length);
    for (short sample : pcm) {
      file.putShort(sample);
    }
    return file.array();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sox | -r 8000 -c 1 -b 8 -e unsigned-integer | wav | 0.99",
        "sox | -r 16000 -c 2 -b 16 | wav | 0.999",
        "sox | -r 44100 -c 2 -b 24 | wav | 0.999",
        "sox | -r 48000 -c 2 -b 32 | wav | 0.999",
        "sox | -r 48000 -c 2 -b 32 -e floating-point | wav | 0.999",
        "lame | -r 44100 -c 2 | --silent -V 5 | 0.999",
        "lame | -r 44100 -c 1 | --silent -b 64 | 0.999",
        "lame | -r 22050 -c 1 | --silent -b 64 --add-id3v2 --tt title | 0.995",
        "lame | -r 16000 -c 2 | --silent -m j | 0.995",
        "opusenc | -r 48000 -c 2 -b 16 | --quiet | 0.99",
        "opusenc | -r 16000 -c 1 -b 16 | --quiet --bitrate 16 | 0.99"
      })
  void decode_filesOfOtherPrograms_areInPlace(
      String program, String shape, String options, double least) throws Exception {
    assumeThere("sox");
    assumeThere(program);
    String ending = program.equals("lame") ? ".mp3" : program.equals("opusenc") ? ".opus" : ".wav";
    Path wav = directory.resolve("a.wav");
    run("sox -n " + shape + " " + wav + " synth 2 sine 440 gain -6");
    Path file = program.equals("sox") ? wav : directory.resolve("b" + ending);
    if (!program.equals("sox")) {
      run(program + " " + options + " " + wav + " " + file);
    }

    short[] decoded = sounds.decode(Files.readAllBytes(file), 8000, NAME);

    assertThat(decoded).hasSize(16_000);
    assertAligned(tone(440, 2000, 8000), decoded, least);
  }

  private static void assumeThere(String program) {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(d -> Files.isExecutable(Path.of(d, program)));
    if (!there) {
      System.out.println("SKIPPED: " + program + " is not installed");
    }
    assumeTrue(there);
  }

  private void run(String command) throws Exception {
    Process process =
        new ProcessBuilder(Arrays.stream(command.split(" ")).filter(w -> !w.isEmpty()).toList())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(command).isZero();
  }

  @Test
  void decode_wavWrittenIntoAPipe_isReadToItsEnd() throws Exception {
    byte[] file = wav(tone(440, 100, 8000), 8000);
    ByteBuffer.wrap(file).putInt(4, -1).putInt(40, -1);

    assertThat(sounds.decode(file, 8000, NAME)).hasSize(800);
  }

  @Test
  void decode_tooLong_isRefused() throws Exception {
    SoundFiles brief = new SoundFiles(Duration.ofMillis(900));
    for (AudioFormat format : List.of(AudioFormat.WAV, AudioFormat.MP3, AudioFormat.OPUS)) {
      byte[] file = encoded(format, SampleCoding.PCM, tone(440, 3000, 8000), 8000);

      assertThatThrownBy(() -> brief.decode(file, 8000, NAME))
          .isInstanceOf(MediaException.class)
          .hasMessage("http://example.org/a.wav?…: is longer than can be played");
    }
  }

  @Test
  void decode_noSound_isRefused() {
    byte[] random = new byte[50_000];
    new Random(1).nextBytes(random);
    for (byte[] file :
        List.of(
            new byte[0],
            new byte[100_000],
            "<html>404</html>".getBytes(US_ASCII),
            "RIFF----WAVE".getBytes(US_ASCII),
            "OggS".getBytes(US_ASCII),
            "ID3".getBytes(US_ASCII),
            random)) {
      assertThatThrownBy(() -> sounds.decode(file, 8000, NAME)).isInstanceOf(MediaException.class);
    }
  }

  @Test
  void decode_mp3WithOneTornFrame_isPlayedOn() throws Exception {
    byte[] file = encoded(AudioFormat.MP3, SampleCoding.PCM, tone(440, 3000, 8000), 8000);
    Arrays.fill(file, file.length / 2, file.length / 2 + 60, (byte) 0x55);

    assertThat(sounds.decode(file, 8000, NAME).length).isBetween(21_000, 24_000);
  }

  @Test
  @Timeout(60)
  void decode_damagedFiles_areSoundOrRefused() throws Exception {
    List<byte[]> files = new ArrayList<>();
    for (AudioFormat format : List.of(AudioFormat.WAV, AudioFormat.MP3, AudioFormat.OPUS)) {
      files.add(encoded(format, SampleCoding.PCM, tone(440, 200, 8000), 8000));
    }
    Random random = new Random(7);
    int refused = 0;
    for (int round = 0; round < 600; round++) {
      byte[] file = files.get(round % files.size()).clone();
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        file[random.nextInt(random.nextBoolean() ? Math.min(120, file.length) : file.length)] =
            (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        file = Arrays.copyOf(file, random.nextInt(file.length));
      }
      try {
        assertThat(sounds.decode(file, 8000, NAME).length).isLessThanOrEqualTo(60 * 8000);
      } catch (MediaException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
