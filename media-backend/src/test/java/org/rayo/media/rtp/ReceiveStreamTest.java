package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rayo.media.audio.G711;

class ReceiveStreamTest {
  private static final long SECOND = Simulation.SECOND;
  private static final long MILLI = 1_000_000;

  private final Simulation simulation = new Simulation(3, 0, random -> 10 * MILLI);
  private short[] taken = new short[1 << 20];
  private int length;

  private void run(long until) {
    simulation.run(
        until,
        (due, samples, count) -> {
          System.arraycopy(samples, 0, taken, length, count);
          length += count;
        });
  }

  private void speak(long from, long until) {
    for (long at = from; at < until; at += 160) {
      simulation.speak(at, 160);
    }
  }

  /** Where the sender's samples from {@code first} on were given, all of them in a row, once. */
  private int positionOf(long first, int count) {
    short[] wanted = new short[count];
    for (int i = 0; i < count; i++) {
      wanted[i] = G711.MU_LAW.decode(Simulation.code(first + i));
    }
    int found = -1;
    for (int at = 0; at + count <= length; at++) {
      if (Arrays.equals(taken, at, at + count, wanted, 0, count)) {
        assertThat(found).as("once only").isNegative();
        found = at;
      }
    }
    assertThat(found).as("samples from " + first).isNotNegative();
    return found;
  }

  @Test
  void nothing_ever_received_isSilenceAtTheLocalClock() {
    run(10 * SECOND);
    assertThat(length).isEqualTo(80_000);
    assertThat(Arrays.copyOf(taken, length)).containsOnly((short) 0);
  }

  @Test
  void silenceSuppression_gap_isFilledToTheSampleWithSilence() {
    speak(0, 8000);
    speak(24_040, 32_040);
    run(6 * SECOND);
    int first = positionOf(0, 8000);
    assertThat(positionOf(24_040, 8000) - first).isEqualTo(24_040);
    // Silence at once would need to know the future; a fading repetition of 60 ms is all there is.
    assertThat(Arrays.copyOfRange(taken, first + 8480, first + 24_040)).containsOnly((short) 0);
    assertThat(length).isCloseTo(48_000, within(8));
  }

  @Test
  void comfortNoise_inGap_isSilenceAtOnce() {
    speak(0, 8000);
    simulation.put(
        13, false, simulation.timestamp + 8000, new byte[] {20}, simulation.spoken(8000));
    speak(12_000, 16_000);
    run(3 * SECOND);
    int first = positionOf(0, 8000);
    assertThat(positionOf(12_000, 4000) - first).isEqualTo(12_000);
    assertThat(Arrays.copyOfRange(taken, first + 8000, first + 12_000)).containsOnly((short) 0);
    assertThat(simulation.tally.snapshot().concealedSamples()).as("at the end only").isEqualTo(480);
  }

  @Test
  void rtp_stoppedForTenMinutes_resumesWhereTimestampsSay() {
    speak(0, 8000);
    long later = 8000 * 600L;
    speak(later, later + 8000);
    taken = new short[8000 * 605];
    run(604 * SECOND);
    assertThat(positionOf(later, 8000) - positionOf(0, 8000)).isEqualTo(later);
    // Three seconds after the last packet the head is a few samples behind on purpose.
    assertThat(length).isCloseTo(8000 * 604, within(8));
  }

  @Test
  void ssrc_changed_isAnchoredByArrivalAndLosesNothing() {
    speak(0, 8000);
    simulation.ssrc = 99;
    simulation.sequence = 17;
    simulation.timestamp += 1_234_567_890;
    speak(12_000, 20_000);
    run(4 * SECOND);
    assertThat(positionOf(12_000, 8000) - positionOf(0, 8000)).isCloseTo(12_000, within(8));
    assertThat(simulation.tally.snapshot().lost()).isZero();
    assertThat(length).isCloseTo(32_000, within(8));
  }

  @Test
  void timestamp_jumpsAhead_isAnchoredByArrivalAndLosesNothing() {
    speak(0, 8000);
    simulation.timestamp += 1_000_000;
    speak(8000, 16_000);
    run(4 * SECOND);
    assertThat(positionOf(8000, 8000) - positionOf(0, 8000)).isCloseTo(8000, within(8));
  }

  @Test
  void timestamp_stoodStillInPause_isAnchoredAgainAtMarker() {
    speak(0, 8000);
    simulation.timestamp -= 8000;
    byte[] payload = new byte[160];
    for (int i = 0; i < 160; i++) {
      payload[i] = Simulation.code(16_000 + i);
    }
    simulation.put(0, true, simulation.timestamp + 16_000, payload, simulation.spoken(16_160));
    speak(16_160, 24_000);
    run(4 * SECOND);
    assertThat(positionOf(16_000, 8000) - positionOf(0, 8000)).isCloseTo(16_000, within(8));
  }

  @Test
  void path_becomesSlowerForGood_isFollowedWithoutInsertingTime() {
    long[] delay = {10 * MILLI};
    Simulation slower = new Simulation(3, 0, random -> delay[0]);
    for (long at = 0; at < 8000 * 5; at += 160) {
      slower.speak(at, 160);
    }
    delay[0] = 120 * MILLI;
    for (long at = 8000 * 5; at < 8000 * 20; at += 160) {
      slower.speak(at, 160);
    }
    slower.run(
        20 * SECOND,
        (due, samples, count) -> {
          System.arraycopy(samples, 0, taken, length, count);
          length += count;
        });
    assertThat(positionOf(8000 * 10, 8000) - positionOf(0, 8000)).isEqualTo(8000 * 10);
  }

  @Test
  void networkStall_thenBurst_keepsTheSendersTime() {
    long[] now = {0};
    Simulation stalled =
        new Simulation(
            3, 0, random -> now[0] < 3 * SECOND ? Math.max(0, 3 * SECOND - now[0]) : 10 * MILLI);
    for (long at = 0; at < 8000 * 6; at += 160) {
      now[0] = at < 16_000 ? 4 * SECOND : stalled.spoken(at + 160);
      stalled.speak(at, 160);
    }
    stalled.run(
        8 * SECOND,
        (due, samples, count) -> {
          System.arraycopy(samples, 0, taken, length, count);
          length += count;
        });
    assertThat(positionOf(8000 * 4, 8000) - positionOf(0, 8000)).isEqualTo(8000 * 4);
    assertThat(stalled.tally.snapshot().late()).isBetween(30L, 50L);
  }

  @Test
  void telephoneEvents_threeKeys_areToldOnceAndLeaveNoHole() {
    speak(0, 8000);
    for (int key = 1; key <= 3; key++) {
      int begin = 8000 * key;
      for (int i = 1; i <= 7; i++) {
        boolean last = i >= 5;
        int held = 160 * Math.min(i, 5);
        byte[] payload = {
          (byte) (key + 8), (byte) (last ? 0x8a : 0x0a), (byte) (held >> 8), (byte) held
        };
        simulation.put(
            101, i == 1, simulation.timestamp + begin, payload, simulation.spoken(begin + 160 * i));
      }
      speak(begin + 1120, begin + 8000);
    }
    run(5 * SECOND);
    assertThat(simulation.keys.toString()).isEqualTo("9100 *100 #100 ");
    int first = positionOf(0, 8000);
    assertThat(positionOf(25_120, 6880) - first).isEqualTo(25_120);
    assertThat(Arrays.copyOfRange(taken, first + 8000, first + 9120)).containsOnly((short) 0);
  }

  @Test
  void telephoneEvent_lastPacketsLost_isToldAfterAWhile() {
    simulation.put(101, true, 1000, new byte[] {7, 10, 3, 32}, SECOND);
    run(SECOND + 200 * MILLI);
    assertThat(simulation.keys.toString()).isEmpty();
    run(2 * SECOND);
    assertThat(simulation.keys.toString()).isEqualTo("7100 ");
  }

  @Test
  void codec_changed_formerPacketsInFlightAreStillUnderstood() {
    speak(0, 8000);
    run(SECOND);
    simulation.receiver.expect(8, G711.A_LAW, OptionalInt.of(101), SECOND);
    speak(8000, 8320);
    run(2 * SECOND);
    positionOf(0, 8320);
    assertThat(simulation.tally.snapshot().malformed()).isZero();
  }

  @Test
  void packets_randomOrMutated_areNeverAnException() {
    Random random = new Random(11);
    RtpPacket packet = new RtpPacket();
    byte[] good = new byte[172];
    long now = 0;
    short[] frame = new short[PlayoutClock.MAX_FRAME];
    int parsed = 0;
    for (int i = 0; i < 200_000; i++) {
      RtpPacket.writeHeader(ByteBuffer.wrap(good), false, 0, i & 0xffff, i * 160, 1);
      byte[] datagram = Arrays.copyOf(good, random.nextInt(200));
      if (i % 2 == 0) {
        random.nextBytes(datagram);
      }
      for (int change = random.nextInt(8); change > 0 && datagram.length > 0; change--) {
        datagram[random.nextInt(Math.min(16, datagram.length))] = (byte) random.nextInt();
      }
      now += random.nextInt(2_000_000);
      if (packet.parse(ByteBuffer.wrap(datagram))) {
        parsed++;
        simulation.receiver.receive(packet, true, now);
      }
      if (i % 20 == 0) {
        assertThat(simulation.receiver.tick(frame, now)).isBetween(1, PlayoutClock.MAX_FRAME);
      }
    }
    System.out.printf(
        "200000 hostile datagrams, %d parsed: %s%n", parsed, simulation.tally.snapshot());
    assertThat(parsed).isGreaterThan(10_000);
  }
}
