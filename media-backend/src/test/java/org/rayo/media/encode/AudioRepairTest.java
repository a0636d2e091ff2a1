package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.audio.Levels;

/** Files cut off anywhere are valid again, and say truly how long they are. */
@Tag("slow")
class AudioRepairTest {

  private static final int SECONDS = 8;
  private static final int SAMPLES = SECONDS * 8000 + 77;
  private static final int HEAD = 300;
  private static final int RANDOM_PLACES = 1000;

  @TempDir Path directory;
  private final Random random = new Random(11);

  /** Never finished: the head says what it said at the beginning. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void unfinished_cutAnywhere_isValidAndLosesAtMostOneFrame(Kind kind) throws Exception {
    kind.assumePossible();
    for (int channels = 1; channels <= 2; channels++) {
      byte[] written = unfinished(kind, channels);
      for (int place = 0; place < HEAD + RANDOM_PLACES; place++) {
        int size = place < HEAD ? place : HEAD + random.nextInt(written.length - HEAD + 1);
        boolean decode = kind.format == AudioFormat.WAV || place % 40 == 0;
        long samples = repaired(kind, channels, Arrays.copyOf(written, size), decode);
        assertThat(samples)
            .as("of %d bytes", size)
            .isBetween(atLeast(kind, channels, size), (long) SAMPLES);
      }
    }
  }

  /** Finished, and then its end was lost. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void finished_cutAnywhere_isValid(Kind kind) throws Exception {
    kind.assumePossible();
    byte[] finished = kind.encode(noise(1), 1);
    assertThat(repaired(kind, 1, finished, true)).isEqualTo(SAMPLES);
    for (int i = 0; i < 300; i++) {
      int size = random.nextInt(finished.length);
      long samples = repaired(kind, 1, Arrays.copyOf(finished, size), i % 10 == 0);
      assertThat(samples).isBetween(atLeast(kind, 1, size), (long) SAMPLES);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void finished_isLeftAsItIs(Kind kind) throws Exception {
    kind.assumePossible();
    for (int count : new int[] {0, 1, 159, 8001, 20_000}) {
      byte[] finished = kind.encode(Arrays.copyOf(noise(1), count), 1);
      Path file = file(finished, kind);
      assertThat(repair(file, kind, 1).samples()).isEqualTo(count);
      assertThat(Files.readAllBytes(file)).isEqualTo(finished);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void repairedTwice_isTheSame(Kind kind) throws Exception {
    kind.assumePossible();
    byte[] written = unfinished(kind, 1);
    for (int i = 0; i < 200; i++) {
      Path file = file(Arrays.copyOf(written, random.nextInt(written.length)), kind);
      AudioRepair.Repaired first = repair(file, kind, 1);
      byte[] once = Files.readAllBytes(file);
      assertThat(repair(file, kind, 1)).isEqualTo(first);
      assertThat(Files.readAllBytes(file)).isEqualTo(once);
      Files.delete(file);
    }
  }

  /** After a power failure the last block can be anything. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void tornBlock_zerosOrGarbageAtTheEnd_isValid(Kind kind) throws Exception {
    kind.assumePossible();
    byte[] written = unfinished(kind, 1);
    for (int i = 0; i < 300; i++) {
      byte[] torn = Arrays.copyOf(written, random.nextInt(written.length));
      int from = Math.max(0, torn.length - random.nextInt(4096));
      for (int at = from; at < torn.length; at++) {
        torn[at] = i % 2 == 0 ? 0 : (byte) random.nextInt();
      }
      // A whole mp3 frame of garbage has no mark by which it could be told from audio.
      boolean decode = kind.format == AudioFormat.WAV || (kind == Kind.OPUS && i % 20 == 0);
      long samples = repaired(kind, 1, torn, decode);
      assertThat(samples).isGreaterThanOrEqualTo(atLeast(kind, 1, from));
    }
  }

  /** Any bytes at all: no exception, and a valid file. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void notOurs_becomesValid(Kind kind) throws Exception {
    kind.assumePossible();
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(2000)];
      random.nextBytes(bytes);
      repaired(kind, 1, bytes, i % 20 == 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void content_upToTheCut_isWhatWasRecorded(Kind kind) throws Exception {
    kind.assumePossible();
    short[] pcm = noise(1);
    byte[] written = unfinished(kind, 1);
    Path file = file(Arrays.copyOf(written, written.length * 5 / 8), kind);
    int samples = (int) repair(file, kind, 1).samples();
    short[] decoded = kind.decode(Files.readAllBytes(file), directory);
    assertThat(samples).isBetween(SAMPLES / 2, SAMPLES * 3 / 4);
    for (int at = 4000; at + 4000 < samples; at += 4000) {
      double difference = Levels.dbfs(decoded, at, 4000) - Levels.dbfs(pcm, at, 4000);
      assertThat(difference).as("level at %d", at).isBetween(-3.0, 3.0);
    }
  }

  /** What cannot have been lost: all that stands before the last frame or page. */
  private static long atLeast(Kind kind, int channels, int size) {
    return switch (kind) {
      case WAV_PCM -> Math.max(0, (size - 80) / (2 * channels) - 1);
      case WAV_ULAW, WAV_ALAW -> Math.max(0, (size - 94) / channels - 2);
      // The tag, and the encoder's and the decoder's delay.
      case MP3_JAVA, MP3_NATIVE ->
          Math.max(0, (size - 216) / (216L * channels) * 576 - 576 - 529 - 576);
      // At most 24 kbit/s and an eighth on top, headers, one page of 400 ms.
      case OPUS -> Math.max(0, (size - 150) * 8L / (27L * channels) * 8 - 3200 - 3200);
    };
  }

  private long repaired(Kind kind, int channels, byte[] bytes, boolean decode) throws Exception {
    Path file = file(bytes, kind);
    AudioRepair.Repaired repaired = repair(file, kind, channels);
    assertThat(Files.size(file)).isEqualTo(repaired.sizeBytes());
    assertThat(repaired.sampleRateHz()).isEqualTo(8000);
    assertThat(repaired.channels()).isEqualTo(channels);
    if (kind == Kind.OPUS) {
      assertThat(OggOpusFile.length(Files.readAllBytes(file))).isEqualTo(repaired.samples());
    }
    if (decode) {
      assertThat(kind.decode(Files.readAllBytes(file), directory))
          .as("%d bytes cut to %d", bytes.length, repaired.sizeBytes())
          .hasSize((int) repaired.samples() * channels);
    }
    if (bytes.length % 97 == 0) {
      kind.programsAccept(file, repaired.samples());
    }
    Files.delete(file);
    return repaired.samples();
  }

  private static AudioRepair.Repaired repair(Path file, Kind kind, int channels) throws Exception {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return AudioRepair.repair(
          channel, new AudioRepair.Expected(kind.format, 8000, channels, kind.encoding));
    }
  }

  private Path file(byte[] bytes, Kind kind) throws Exception {
    Path file = Files.createTempFile(directory, "cut", "." + kind.format.token());
    return Files.write(file, bytes);
  }

  private static byte[] unfinished(Kind kind, int channels) throws Exception {
    short[] pcm = noise(channels);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AudioEncoder encoder = kind.open(8000, channels)) {
      encoder.begin(out::write);
      encoder.encode(pcm, 0, SAMPLES, out::write);
    }
    return out.toByteArray();
  }

  private static short[] noise(int channels) {
    Random random = new Random(1);
    short[] noise = new short[SAMPLES * channels];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) (random.nextGaussian() * 2000);
    }
    return noise;
  }
}
