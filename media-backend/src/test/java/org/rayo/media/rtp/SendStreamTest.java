package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rayo.media.audio.G711;

class SendStreamTest {
  private final SendStream stream = new SendStream(new Random(1));
  private final short[] frame = new short[160];
  private final RtpPacket packet = new RtpPacket();

  private void send() {
    ByteBuffer bytes = ByteBuffer.allocate(200);
    stream.packet(bytes, frame, 160, G711.A_LAW, 8);
    assertThat(packet.parse(bytes.flip())).isTrue();
  }

  @Test
  void hold_passes_timestampGoesOnSequenceFollowsMarkerBegins() {
    send();
    assertThat(packet.marker()).isTrue();
    assertThat(packet.payloadType()).isEqualTo(8);
    int sequence = packet.sequence();
    int timestamp = packet.timestamp();
    int ssrc = packet.ssrc();
    send();
    assertThat(packet.marker()).isFalse();
    for (int i = 0; i < 50; i++) {
      stream.skip(160);
    }
    send();
    assertThat(packet.marker()).isTrue();
    assertThat(packet.sequence()).isEqualTo((sequence + 2) & 0xffff);
    assertThat(packet.timestamp()).isEqualTo(timestamp + 52 * 160);
    assertThat(packet.ssrc()).isEqualTo(ssrc);
  }
}
