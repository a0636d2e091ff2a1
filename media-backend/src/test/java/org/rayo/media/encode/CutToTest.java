package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.SampleCoding;

/** Files that end before their last sample: to the sample, and otherwise as if never longer. */
@Tag("slow")
class CutToTest {

  private static final int TOTAL = 40_321;
  private static final int[] PLACES = {
    0, 1, 159, 160, 161, 575, 576, 1104, 1105, 3092, 3147, 3148, 3149, 3200, 8000, 8001, 39_999,
    40_320
  };

  @TempDir Path directory;
  private final Random random = new Random(17);

  @ParameterizedTest
  @EnumSource(Kind.class)
  void cut_anywhere_playsTheFirstSamplesAndNoMore(Kind kind) throws Exception {
    kind.assumePossible();
    for (int channels = 1; channels <= 2; channels++) {
      Path file = directory.resolve(channels + "." + kind.format.token());
      try (FileChannel channel = open(file)) {
        AudioEncoder encoder = kind.open(8000, channels);
        Ending ending = finished(encoder, noise(TOTAL * channels), channels, channel);
        byte[] bytes = Files.readAllBytes(file);
        short[] whole = kind.decode(bytes, directory);
        for (int i = 0; i < PLACES.length + 5; i++) {
          int place = i < PLACES.length ? PLACES[i] : random.nextInt(TOTAL);
          channel.write(ByteBuffer.wrap(bytes), 0);
          cut(kind, encoder, ending, place, channels, channel);
          check(kind, Files.readAllBytes(file), place, channels, whole);
          if (i % 4 == 0) {
            kind.programsAccept(file, place);
          }
        }
        assertThat(encoder.cutTo(TOTAL, ending, channel)).isSameAs(ending);
      }
    }
  }

  private static void cut(
      Kind kind, AudioEncoder encoder, Ending whole, int place, int channels, FileChannel file)
      throws Exception {
    Ending cut = encoder.cutTo(place, whole, file);
    apply(cut, file);
    assertThat(cut.samples()).isEqualTo(place);
    assertThat(cut.sizeBytes()).isEqualTo(file.size());
    AudioRepair.Expected expected =
        new AudioRepair.Expected(kind.format, 8000, channels, kind.encoding);
    AudioRepair.Repaired repaired = AudioRepair.repair(file, expected);
    assertThat(repaired.samples()).isEqualTo(place);
    assertThat(repaired.sizeBytes()).isEqualTo(cut.sizeBytes());
  }

  private void check(Kind kind, byte[] bytes, int place, int channels, short[] whole)
      throws Exception {
    short[] decoded = kind.decode(bytes, directory);
    assertThat(decoded).as("%d samples", place).hasSize(place * channels);
    if (kind.format != AudioFormat.MP3) {
      assertThat(decoded).isEqualTo(Arrays.copyOf(whole, place * channels));
    } else {
      checkTag(bytes, channels);
      for (int i = 0; i < decoded.length; i++) {
        assertThat((int) decoded[i]).isBetween(whole[i] - 1, whole[i] + 1);
      }
    }
  }

  private static void checkTag(byte[] bytes, int channels) {
    MpegLayout layout = new MpegLayout(8000, channels);
    int tagBytes = InfoTag.sizeBytes(layout);
    InfoTag.Contents tag = InfoTag.read(layout, bytes).orElseThrow().contents();
    Crc16 crc = new Crc16();
    crc.update(bytes, tagBytes, bytes.length - tagBytes);
    assertThat(tag.musicCrc()).isEqualTo(crc.value());
    assertThat(tag.fileBytes()).isEqualTo(bytes.length);
    assertThat(tag.frames()).isEqualTo((bytes.length - tagBytes) / (216L * channels));
    assertThat(tag.padding()).isBetween(529, 4095);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void cut_short_isNotMuchLargerThanIfItHadNeverBeenLonger(Kind kind) throws Exception {
    kind.assumePossible();
    short[] pcm = noise(TOTAL);
    for (int place : new int[] {0, 100, 4000, 20_000}) {
      byte[] never = kind.encode(Arrays.copyOf(pcm, place), 1);
      try (FileChannel channel = open(directory.resolve("cut"))) {
        AudioEncoder encoder = kind.open(8000, 1);
        Ending cut = encoder.cutTo(place, finished(encoder, pcm, 1, channel), channel);
        assertThat(cut.sizeBytes()).isLessThanOrEqualTo(never.length + 300);
      }
    }
  }

  /** The disk failed first: what is cut is what could be saved. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void cutAt_thenCutTo_playsWhatItSays(Kind kind) throws Exception {
    kind.assumePossible();
    short[] pcm = noise(TOTAL);
    for (int i = 0; i < 20; i++) {
      Path file = directory.resolve("cut." + kind.format.token());
      try (FileChannel channel = open(file)) {
        AudioEncoder encoder = kind.open(8000, 1);
        long size = finished(encoder, pcm, 1, channel).sizeBytes();
        Ending saved = encoder.cutAt(random.nextInt((int) size));
        apply(saved, channel);
        int place = random.nextInt(TOTAL);
        Ending cut = encoder.cutTo(place, saved, channel);
        apply(cut, channel);
        assertThat(cut.samples()).isEqualTo(Math.min(place, saved.samples()));
        if (saved.sizeBytes() > 0) {
          short[] decoded = kind.decode(Files.readAllBytes(file), directory);
          assertThat(decoded).hasSize((int) cut.samples());
        }
      }
    }
  }

  /** A crash while it was cut, or after: the old end is gone, and the new one not yet all there. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void cut_thenCrashed_isRepaired(Kind kind) throws Exception {
    kind.assumePossible();
    int place = 20_000;
    AudioRepair.Expected expected = new AudioRepair.Expected(kind.format, 8000, 1, kind.encoding);
    Path file = directory.resolve("cut." + kind.format.token());
    try (FileChannel channel = open(file)) {
      AudioEncoder encoder = kind.open(8000, 1);
      Ending whole = finished(encoder, noise(TOTAL), 1, channel);
      byte[] bytes = Files.readAllBytes(file);
      Ending cut = encoder.cutTo(place, whole, channel);
      channel.truncate(cut.sizeBytes());
      long lossless = kind.format == AudioFormat.WAV ? 0 : 3200 + 312;
      long saved = AudioRepair.repair(channel, expected).samples();
      assertThat(saved).isBetween(place - lossless, place + 3 * 576L);
      assertThat(kind.decode(Files.readAllBytes(file), directory)).hasSize((int) saved);
      for (int i = 0; i < 12; i++) {
        channel.write(ByteBuffer.wrap(bytes), 0);
        apply(cut, channel);
        channel.truncate(random.nextInt((int) cut.sizeBytes()));
        long samples = AudioRepair.repair(channel, expected).samples();
        assertThat(samples).isLessThanOrEqualTo(place);
        assertThat(kind.decode(Files.readAllBytes(file), directory)).hasSize((int) samples);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {11_025, 16_000, 22_050, 32_000, 44_100, 48_000})
  void cut_mp3OfAnyRate_decodesToTheSample(int rate) throws Exception {
    Kind.MP3_JAVA.assumePossible();
    short[] pcm = noise(2 * TOTAL);
    for (int i = 0; i < 6; i++) {
      int place = i == 0 ? 0 : random.nextInt(TOTAL);
      Path file = directory.resolve("cut.mp3");
      try (FileChannel channel = open(file)) {
        AudioEncoder encoder = Kind.MP3_JAVA.open(rate, 2);
        Ending ending = finished(encoder, pcm, 2, channel);
        apply(encoder.cutTo(place, ending, channel), channel);
        AudioRepair.Expected expected =
            new AudioRepair.Expected(AudioFormat.MP3, rate, 2, Encoding.DEFAULT);
        assertThat(AudioRepair.repair(channel, expected).samples()).isEqualTo(place);
      }
      assertThat(Decoded.samples(file)).hasSize(2 * place);
      Kind.MP3_JAVA.programsAccept(file, place);
    }
  }

  /** A recording whose end is far back: only the marks of every so many pages are left of it. */
  @Test
  void cut_opus_longAgo_findsThePage() throws Exception {
    Path file = directory.resolve("cut.opus");
    long seconds = 2L * PageMarks.RECENT * 400 / 1000 + 60;
    try (FileChannel channel = open(file)) {
      Encoding cheapest = new Encoding(OptionalInt.of(9), OptionalInt.of(6));
      AudioEncoder encoder = AudioEncoders.PORTABLE.open(AudioFormat.OPUS, 8000, 1, cheapest);
      short[] pcm = new short[(int) seconds * 8000];
      Ending ending = finished(encoder, pcm, 1, channel);
      for (long place : new long[] {pcm.length - 8000, 500 * 8000 + 3, 411 * 8000, 77, 0}) {
        ending = encoder.cutTo(place, ending, channel);
        apply(ending, channel);
        assertThat(OggOpusFile.length(Files.readAllBytes(file))).isEqualTo(place);
      }
    }
  }

  @Test
  void cut_rf64_becomesRiffAgain() throws Exception {
    WavEncoder encoder = new WavEncoder(new WavLayout(8000, 1, SampleCoding.PCM, 1000));
    Path file = directory.resolve("cut.wav");
    try (FileChannel channel = open(file)) {
      Ending ending = finished(encoder, noise(1000), 1, channel);
      assertThat(AudioRepair.read(channel, 0, 4)).startsWith('R', 'F', '6', '4');
      apply(encoder.cutTo(470, ending, channel), channel);
      assertThat(AudioRepair.read(channel, 0, 4)).startsWith('R', 'F', '6', '4');
      apply(encoder.cutTo(460, ending, channel), channel);
      assertThat(AudioRepair.read(channel, 0, 4)).startsWith('R', 'I', 'F', 'F');
      assertThat(channel.size()).isEqualTo(1000);
    }
  }

  @Test
  void crc_takenBack_isWhatItWas() {
    byte[] bytes = new byte[1000];
    random.nextBytes(bytes);
    for (int length : new int[] {0, 1, 2, 999, 1000}) {
      Crc16 before = new Crc16();
      before.update(bytes, 0, 1000 - length);
      Crc16 after = new Crc16();
      after.update(bytes, 0, 1000);
      after.takeBack(bytes, 1000 - length, length);
      assertThat(after.value()).isEqualTo(before.value());
    }
  }

  @Test
  void framesIn_everySize_isTheInverseOfBytes() {
    for (int rate : MpegLayout.SAMPLE_RATES) {
      MpegLayout layout = new MpegLayout(rate, 1);
      for (int kbps : layout.bitratesKbps()) {
        MpegStream stream = new MpegStream(layout, kbps);
        for (long frames : new long[] {0, 1, 2, 3, 100, 12_345, 1_000_000}) {
          long bytes = stream.bytes(frames);
          assertThat(stream.framesIn(bytes)).isEqualTo(frames);
          assertThat(stream.framesIn(bytes + 1)).isEqualTo(frames);
          assertThat(stream.framesIn(Math.max(0, bytes - 1))).isEqualTo(Math.max(0, frames - 1));
        }
      }
    }
  }

  private static FileChannel open(Path file) throws Exception {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static Ending finished(
      AudioEncoder encoder, short[] pcm, int channels, FileChannel channel) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.begin(out::write);
    int total = pcm.length / channels;
    for (int at = 0; at < total; at += 1600) {
      encoder.encode(pcm, at * channels, Math.min(1600, total - at), out::write);
    }
    Ending ending = encoder.finish(out::write);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(out.toByteArray()), 0);
    apply(ending, channel);
    return ending;
  }

  private static void apply(Ending ending, FileChannel channel) throws Exception {
    channel.truncate(ending.sizeBytes());
    for (Patch patch : ending.patches()) {
      channel.write(ByteBuffer.wrap(patch.bytes()), patch.offset());
    }
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
