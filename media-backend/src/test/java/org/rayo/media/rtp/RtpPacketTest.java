package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtpPacketTest {
  private final RtpPacket packet = new RtpPacket();

  private boolean parse(String hex) {
    return packet.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  @Test
  void header_plain_isRead() {
    assertThat(parse("80 88 ffff 80000001 deadbeef 0102")).isTrue();
    assertThat(packet.marker()).isTrue();
    assertThat(packet.payloadType()).isEqualTo(8);
    assertThat(packet.sequence()).isEqualTo(65535);
    assertThat(packet.timestamp()).isEqualTo(0x80000001);
    assertThat(packet.ssrc()).isEqualTo(0xdeadbeef);
    assertThat(packet.payloadLength()).isEqualTo(2);
    assertThat(packet.payload(1)).isEqualTo((byte) 2);
  }

  @Test
  void header_csrcExtensionAndPadding_areSkipped() {
    assertThat(parse("b1 00 0001 00000001 00000002 0000000a bede0001 11111111 0708 000003".trim()))
        .isTrue();
    assertThat(packet.payloadLength()).isEqualTo(2);
    assertThat(packet.payload(0)).isEqualTo((byte) 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80 00 0001 00000001 000000",
        "40 00 0001 00000001 00000002 01",
        "8f 00 0001 00000001 00000002 01",
        "90 00 0001 00000001 00000002 bede",
        "90 00 0001 00000001 00000002 bede0002 11111111",
        "90 00 0001 00000001 00000002 bedeffff 11111111",
        "a0 00 0001 00000001 00000002 00",
        "a0 00 0001 00000001 00000002 02",
        "a0 00 0001 00000001 00000002"
      })
  void datagram_malformed_isRefused(String hex) {
    assertThat(parse(hex)).isFalse();
  }
}
