package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.rayo.media.SampleCoding;

/** The head of a wav file at every moment of its life. */
class WavEncoderTest {

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
