package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.SampleCoding;

/** The head of a wav file at every moment of its life. */
class WavEncoderTest {

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void begin_headOfAnEmptyFile_isValid() {
    wav(1, WavLayout.RIFF_LIMIT_BYTES).begin(out::write);
    ByteBuffer head = little(out.toByteArray());
    assertThat(out.size()).isEqualTo(80);
    assertThat(head.getInt(4)).isEqualTo(72);
    assertThat(text(out.toByteArray(), 12)).isEqualTo("JUNK");
    assertThat(text(out.toByteArray(), 72)).isEqualTo("data");
    assertThat(head.getInt(76)).isZero();
  }

  @Test
  void refresh_halfway_coversWhatWasAppended() {
    WavEncoder encoder = wav(2, WavLayout.RIFF_LIMIT_BYTES);
    encoder.begin(out::write);
    encoder.encode(new short[] {1, 2, 3, -4}, 0, 2, out::write);
    Patch patch = encoder.refresh().orElseThrow();
    assertThat(patch.offset()).isZero();
    assertThat(little(patch.bytes()).getInt(76)).isEqualTo(8);
    assertThat(little(patch.bytes()).getInt(4) + 8).isEqualTo(out.size());
    assertThat(out.toByteArray()).endsWith(1, 0, 2, 0, 3, 0, 0xfc, 0xff);
  }

  @Test
  void finish_beyondTheLimitOfRiff_becomesRf64() {
    WavEncoder encoder = wav(1, 1000);
    encoder.begin(out::write);
    encoder.encode(new short[460], 0, 460, out::write);
    assertThat(text(encoder.refresh().orElseThrow().bytes(), 0)).isEqualTo("RIFF");
    encoder.encode(new short[1], 0, 1, out::write);

    Ending ending = encoder.finish(out::write);
    byte[] head = ending.patches().get(0).bytes();
    assertThat(text(head, 0)).isEqualTo("RF64");
    assertThat(little(head).getInt(4)).isEqualTo(-1);
    assertThat(text(head, 12)).isEqualTo("ds64");
    assertThat(little(head).getLong(20)).isEqualTo(80 - 8 + 922);
    assertThat(little(head).getLong(28)).isEqualTo(922);
    assertThat(little(head).getLong(36)).isEqualTo(461);
    assertThat(little(head).getInt(76)).isEqualTo(-1);
  }

  @Test
  void cutAt_middleOfASample_dropsIt() {
    WavEncoder encoder = wav(2, WavLayout.RIFF_LIMIT_BYTES);
    encoder.begin(out::write);
    encoder.encode(new short[200], 0, 100, out::write);
    Ending ending = encoder.cutAt(80 + 4 * 30 + 3);
    assertThat(ending.samples()).isEqualTo(30);
    assertThat(ending.sizeBytes()).isEqualTo(200);
    assertThat(encoder.cutAt(79).sizeBytes()).isZero();
    assertThat(encoder.cutAt(Long.MAX_VALUE).samples()).isEqualTo(100);
  }

  /** 4 GiB and a second more, of which all but the head and the end are a hole in the file. */
  @Test
  void beyondFourGibibytes_ffmpegReadsLengthAndEnd() throws Exception {
    WavEncoder encoder = wav(2, WavLayout.RIFF_LIMIT_BYTES);
    short[] minute = new short[2 * 8000 * 60];
    for (int i = 0; i < minute.length; i++) {
      minute[i] = (short) (i % 2 == 0 ? 1234 : -4321);
    }
    long samples = (1L << 32) / 4 + 8000;
    Path file = directory.resolve("large.wav");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long[] end = new long[1];
      ByteSink sparse =
          (bytes, offset, length) -> {
            if (end[0] == 0 || end[0] + length > 1L << 32) {
              write(channel, ByteBuffer.wrap(bytes, offset, length), end[0]);
            }
            end[0] += length;
          };
      encoder.begin(sparse);
      while (encoder.samples() < samples) {
        int count = (int) Math.min(minute.length / 2, samples - encoder.samples());
        encoder.encode(minute, 0, count, sparse);
      }
      Ending ending = encoder.finish(sparse);
      assertThat(ending.samples()).isEqualTo(samples);
      assertThat(ending.sizeBytes()).isEqualTo(end[0]).isGreaterThan(1L << 32);
      byte[] head = ending.patches().get(0).bytes();
      assertThat(text(head, 0)).isEqualTo("RF64");
      assertThat(little(head).getLong(20)).isEqualTo(end[0] - 8);
      assertThat(little(head).getLong(28)).isEqualTo(samples * 4);
      assertThat(little(head).getLong(36)).isEqualTo(samples);
      write(channel, ByteBuffer.wrap(head), 0);
    }
    if (Program.isThere("ffprobe") && Program.isThere("ffmpeg")) {
      // It warns of itself: that it cannot look for S/PDIF in so large a file.
      Program.Result length =
          Program.run(
              directory,
              ("ffprobe -v error -show_entries stream=duration_ts,channels -of csv=p=0 " + file)
                  .split(" "));
      assertThat(length.said().strip()).isEqualTo("2," + samples);
      Path last = directory.resolve("end.pcm");
      Program.acceptsSilently(
          directory,
          "ffmpeg -v error -ss %d -i %s -f s16le %s"
              .formatted(samples / 8000 - 10, file, last)
              .split(" "));
      ByteBuffer heard = little(Files.readAllBytes(last));
      assertThat(heard.capacity()).isEqualTo(4 * (int) (80_000 + samples % 8000));
      assertThat(heard.getShort(heard.capacity() - 4)).isEqualTo((short) 1234);
      assertThat(heard.getShort(heard.capacity() - 2)).isEqualTo((short) -4321);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.truncate((1L << 32) + 4003);
      AudioRepair.Repaired repaired =
          AudioRepair.repair(
              channel, new AudioRepair.Expected(AudioFormat.WAV, 8000, 2, Encoding.DEFAULT));
      assertThat(repaired.samples()).isEqualTo(((1L << 32) + 4003 - 80) / 4);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long at) {
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WavEncoder wav(int channels, long limit) {
    return new WavEncoder(new WavLayout(8000, channels, SampleCoding.PCM, limit));
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(byte[] bytes, int at) {
    return new String(bytes, at, 4, US_ASCII);
  }
}
