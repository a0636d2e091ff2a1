package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.G711;

/** A million datagrams that were damaged on their way, or made to do harm. */
class RtpMutationTest {
  private static final int DATAGRAMS = 1_200_000;

  /** What a caller sends, and what only looks like it. */
  private static final class Damage {
    private final Random random = new Random(4475);
    private final byte[] bytes = new byte[1600];
    private int length;
    private int sequence;
    private int timestamp;

    /** The next datagram; one of four is as it should be. */
    ByteBuffer next() {
      whole();
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          // As it should be.
        }
        case 2 -> flipBits(1 + random.nextInt(4));
        case 3 -> {
          length = random.nextInt(40);
          Arrays.fill(bytes, 0, length, (byte) random.nextInt());
        }
        case 4 -> length = random.nextInt(length + 1);
        case 5 -> flags();
        case 6 -> random();
        default -> numbers();
      }
      return ByteBuffer.wrap(bytes, 0, length);
    }

    private void whole() {
      int kind = random.nextInt(20);
      length = 12 + (kind == 0 ? 4 : kind == 1 ? 1 : 160);
      ByteBuffer to = ByteBuffer.wrap(bytes);
      int type = kind == 0 ? 101 : kind == 1 ? 13 : 0;
      RtpPacket.writeHeader(to, kind == 2, type, sequence++ & 0xffff, timestamp, 1);
      for (int i = 12; i < length; i++) {
        to.put((byte) random.nextInt(16));
      }
      timestamp += 160;
    }

    private void flipBits(int count) {
      for (int i = 0; i < count; i++) {
        bytes[random.nextInt(Math.min(length, 20))] ^= (byte) (1 << random.nextInt(8));
      }
    }

    /** Padding, extension and CSRCs that the datagram does not have room for. */
    private void flags() {
      bytes[0] = (byte) (0x80 | random.nextInt(64));
      bytes[length - 1] = (byte) random.nextInt();
      bytes[14] = (byte) random.nextInt();
      bytes[15] = (byte) random.nextInt();
    }

    private void random() {
      length = random.nextInt(bytes.length);
      for (int i = 0; i < Math.min(length, 24); i++) {
        bytes[i] = (byte) random.nextInt();
      }
      bytes[0] = (byte) (random.nextBoolean() ? 0x80 : bytes[0]);
    }

    /** A sequence number, timestamp or source from elsewhere. */
    private void numbers() {
      int at = new int[] {2, 4, 8}[random.nextInt(3)];
      int count = at == 2 ? 2 : 4;
      for (int i = 0; i < count; i++) {
        bytes[at + i] = (byte) random.nextInt();
      }
    }
  }

  @Test
  void datagrams_damagedOrHostile_neverAnExceptionNorTimeLost() {
    Tally tally = new Tally();
    ReceiveStream stream =
        new ReceiveStream(new PlayoutClock(480, 1600), tally, (digit, held) -> {});
    stream.expect(0, G711.MU_LAW, OptionalInt.of(101), 0);
    int[] keys = {0};
    FrameTap tap =
        new FrameTap() {
          @Override
          public void frame(short[] send, short[] recv, int length) {
            throw new AssertionError("only keys are told here");
          }

          @Override
          public void key(char digit, int offset) {
            assertThat(offset).isBetween(0, PlayoutClock.MAX_FRAME - 1);
            keys[0]++;
          }
        };
    Damage damage = new Damage();
    RtpPacket packet = new RtpPacket();
    short[] frame = new short[PlayoutClock.MAX_FRAME];
    int parsed = 0;
    long delivered = 0;
    long begun = System.nanoTime();
    for (int i = 0; i < DATAGRAMS; i++) {
      long now = i * Simulation.TICK;
      ByteBuffer datagram = damage.next();
      int limit = datagram.limit();
      if (packet.parse(datagram)) {
        parsed++;
        assertThat(packet.payloadLength()).isBetween(0, limit - RtpPacket.HEADER_BYTES);
        stream.receive(packet, true, now);
      }
      assertThat(datagram.position()).isZero();
      int length = stream.tick(frame, now + Simulation.TICK);
      assertThat(length).isBetween(1, PlayoutClock.MAX_FRAME);
      stream.tellKeys(tap);
      delivered += length;
    }
    double micros = (System.nanoTime() - begun) / 1e3 / DATAGRAMS;
    double drift = 100.0 * (delivered - 160.0 * DATAGRAMS) / (160.0 * DATAGRAMS);
    System.out.printf(
        "figure: RTP: %d damaged datagrams, %d parsed, %.1f us each with their tick, %d keys,"
            + " media time off by %.3f %%, %s%n",
        DATAGRAMS, parsed, micros, keys[0], drift, tally.snapshot());
    assertThat(parsed).isBetween(DATAGRAMS / 4, DATAGRAMS);
    // Whatever comes, the recording is as long as the call: 0.1 % and two seconds are the limit.
    assertThat(Math.abs(drift)).isLessThan(0.11);
  }
}
