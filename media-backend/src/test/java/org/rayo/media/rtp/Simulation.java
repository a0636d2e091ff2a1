package org.rayo.media.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.G711;

/**
 * A sender with a clock of its own, a network and a receiver on a virtual clock.
 *
 * <p>What is sent at sample {@code i} is {@link #code}: neighbours differ, and a stretch of a few
 * samples shows where it is from. Times are nanoseconds of the receiver's clock.
 */
final class Simulation {
  static final long TICK = 20_000_000;
  static final long SECOND = 1_000_000_000;

  /** What the network does to a packet. */
  interface Network {
    /** Delay in nanoseconds; negative if it is lost. */
    long delay(Random random);
  }

  /** What a tick gave. */
  interface Frames {
    void frame(long dueNanos, short[] samples, int length);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Arrival(long at, long order, byte[] datagram) {}

  /** A key as a tap hears of it: the number of its first sample, and where its frame begins. */
  record Told(char digit, long at, long frame) {}

  final Tally tally = new Tally();
  final StringBuilder keys = new StringBuilder();
  final List<Told> told = new ArrayList<>();
  final ReceiveStream receiver;
  private final PriorityQueue<Arrival> network =
      new PriorityQueue<>(
          (a, b) ->
              a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.order(), b.order()));
  private final RtpPacket packet = new RtpPacket();
  private final Random random;
  private final Network path;
  private final double skew;
  private final short[] out = new short[PlayoutClock.MAX_FRAME];
  private long order;
  private long due;
  long delivered;
  int longest;
  int shortest = PlayoutClock.MAX_FRAME;

  /** State of the sender: free to be changed by tests. */
  int sequence = 65_000;

  int timestamp = -4000;
  int ssrc = 1;
  int duplicatePercent;

  Simulation(long seed, double skewPpm, Network path) {
    random = new Random(seed);
    this.path = path;
    skew = skewPpm * 1e-6;
    receiver =
        new ReceiveStream(
            new PlayoutClock(480, 1600),
            tally,
            (digit, duration) -> keys.append(digit).append(duration.toMillis()).append(' '));
    receiver.expect(0, G711.MU_LAW, OptionalInt.of(101), 0);
  }

  /** The µ-law code of the sender's sample {@code i}; never silence. */
  static byte code(long i) {
    long mixed = (i * 0x9E3779B97F4A7C15L) >>> 40;
    return (byte) (mixed % 120);
  }

  /** When the sender has recorded its sample {@code i}. */
  long spoken(long i) {
    return Math.round(i * 125_000.0 / (1 + skew));
  }

  /** The sender's clock, in samples. */
  long senderClock(long nanos) {
    return Math.round(nanos * (1 + skew) / 125_000.0);
  }

  /** Sends the sender's samples from {@code first} on, when they have been spoken. */
  void speak(long first, int length) {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = code(first + i);
    }
    put(0, false, timestamp + (int) first, payload, spoken(first + length));
  }

  /** Sends a packet; returns false if the network loses it. */
  boolean put(int payloadType, boolean marker, int at, byte[] payload, long sent) {
    ByteBuffer bytes = ByteBuffer.allocate(12 + payload.length);
    RtpPacket.writeHeader(bytes, marker, payloadType, sequence, at, ssrc);
    bytes.put(payload);
    sequence = (sequence + 1) & 0xffff;
    long delay = path.delay(random);
    if (delay < 0) {
      return false;
    }
    network.add(new Arrival(sent + delay, order++, bytes.array()));
    if (random.nextInt(100) < duplicatePercent) {
      network.add(new Arrival(sent + delay + random.nextInt(30_000_000), order++, bytes.array()));
    }
    return true;
  }

  /**
   * Presses a key: a packet every 20 ms, the last one three times.
   *
   * @param first the sender's sample with which it begins
   * @param length samples, a multiple of 160
   * @return packets that the network let through
   */
  int press(char digit, long first, int length) {
    int through = 0;
    for (int i = 1; i <= length / 160 + 2; i++) {
      int held = Math.min(length, 160 * i);
      boolean last = held == length;
      byte[] payload = {
        (byte) "0123456789*#ABCD".indexOf(digit),
        (byte) (last ? 0x8a : 0x0a),
        (byte) (held >> 8),
        (byte) held
      };
      through +=
          put(101, i == 1, timestamp + (int) first, payload, spoken(first + 160L * i)) ? 1 : 0;
    }
    return through;
  }

  /** Lets time pass up to {@code until}, with both legs in place of the receiver. */
  void runLegs(long until, Legs legs, Runnable beforeTick) {
    while (due + TICK <= until) {
      due += TICK;
      arrive(legs.receiving());
      beforeTick.run();
      legs.deliver(due);
    }
  }

  private void arrive(ReceiveStream at) {
    while (!network.isEmpty() && network.peek().at() < due) {
      Arrival next = network.remove();
      if (packet.parse(ByteBuffer.wrap(next.datagram()))) {
        at.receive(packet, true, next.at());
      }
    }
  }

  /** Lets time pass up to {@code until}. */
  void run(long until, Frames frames) {
    while (due + TICK <= until) {
      due += TICK;
      arrive(receiver);
      int length = receiver.tick(out, due);
      long frame = delivered;
      delivered += length;
      longest = Math.max(longest, length);
      shortest = Math.min(shortest, length);
      receiver.tellKeys(
          new FrameTap() {
            @Override
            public void frame(short[] send, short[] recv, int count) {
              throw new AssertionError("only keys are told here");
            }

            @Override
            public void key(char digit, int offset) {
              told.add(new Told(digit, frame + offset, frame));
            }
          });
      frames.frame(due, out, length);
    }
  }
}
