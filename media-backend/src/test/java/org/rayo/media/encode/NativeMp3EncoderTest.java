package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.AudioFormat;
import org.rayo.media.RecordingRequest.Encoding;

/** LAME's native library, and that it gives its memory back. */
class NativeMp3EncoderTest extends Mp3EncoderContract {

  private final AudioEncoders encoders = new AudioEncoders(AudioEncoders.NativeMp3.REQUIRED);

  @BeforeEach
  void assumeThere() {
    if (!LameLibrary.isThere()) {
      System.out.println("SKIPPED: " + LameLibrary.whyNot());
    }
    assumeTrue(LameLibrary.isThere());
  }

  @Override
  AudioEncoders encoders() {
    return encoders;
  }

  @Test
  void mp3Encoder_saysWhichOne() {
    assertThat(encoders.mp3Encoder()).startsWith("LAME 3.").endsWith("native");
    assertThat(new AudioEncoders(AudioEncoders.NativeMp3.AUTO).mp3Encoder()).endsWith("native");
    assertThat(AudioEncoders.PORTABLE.mp3Encoder()).contains("Java");
  }

  @Test
  void closed_encoding_isRefusedAndClosingAgainIsNot() throws Exception {
    AudioEncoder encoder = open();
    encoder.close();
    encoder.close();
    assertThatThrownBy(() -> encoder.encode(new short[1600], 0, 1600, (b, o, l) -> {}))
        .isInstanceOf(IllegalStateException.class);
    assertThat(encoder.cutAt(0).samples()).isZero();
  }

  /** An encoder's native memory is some 100 kB: forgotten ones would show. */
  @Test
  void tenThousandEncoders_endedInEveryWay_leaveNoMemoryBehind() throws Exception {
    short[] pcm = new short[1600];
    churn(pcm, 500);
    long before = residentKilobytes();
    churn(pcm, 10_000);
    long grown = residentKilobytes() - before;
    System.out.printf("figure: native mp3: 10,000 encoders later %,d kB more%n", grown);
    assertThat(grown).isLessThan(150_000);
  }

  /** Finished, cut, closed, and refused by LAME after memory was taken. */
  private void churn(short[] pcm, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      AudioEncoder encoder = open();
      encoder.begin((b, o, l) -> {});
      encoder.encode(pcm, 0, pcm.length, (b, o, l) -> {});
      switch (i % 3) {
        case 0 -> encoder.finish((b, o, l) -> {});
        case 1 -> encoder.cutAt(300);
        default -> encoder.close();
      }
    }
  }

  private AudioEncoder open() throws Exception {
    return encoders.open(AudioFormat.MP3, 8000, 1, Encoding.DEFAULT);
  }

  private static long residentKilobytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
    return lines.stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
