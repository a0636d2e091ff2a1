package org.rayo.testkit.phone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.testkit.audio.AudioSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The RTP of one call: packets of 20 ms whose timestamps count the samples, and a socket that is
 * also read.
 *
 * <p>Everything after the constructor happens on the {@link RtpLoop}'s thread, save for the methods
 * that post to it; counters may be read by any thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3550#section-5.1">RFC 3550, section 5.1</a>
 */
final class RtpStream {

  private static final Logger LOG = LoggerFactory.getLogger(RtpStream.class);
  private static final int FRAME_SAMPLES = 160;
  private static final long FRAME_NANOS = 20_000_000;
  private static final int HEADER_BYTES = 12;

  private final RtpLoop loop;
  private final DatagramChannel channel;
  private final Impairment impairment;
  private final Random random;
  private final Heard heard = new Heard();
  private final byte[] incomingBytes = new byte[2048];
  private final ByteBuffer incoming = ByteBuffer.wrap(incomingBytes);

  private Optional<InetSocketAddress> target = Optional.empty();
  private Codec codec = Codec.PCMU;
  private boolean ticking;
  private boolean sending;
  private boolean stopped;
  private long firstTickNanos;
  private long frames;
  private long packetsOfSsrc;
  private int ssrc;
  private int sequence;
  private long timestamp;
  private boolean marker = true;
  private Optional<Playing> playing = Optional.empty();
  private Optional<byte[]> heldBack = Optional.empty();
  private long lastReceivedNanos;
  private volatile RtpCounters counters = new RtpCounters(0, 0, 0, 0, 0, 0, Long.MAX_VALUE, 0);

  /** A source being said, and how far it got. */
  private static final class Playing {
    final AudioSource source;
    final CompletableFuture<Void> played;
    long position;

    Playing(AudioSource source, CompletableFuture<Void> played) {
      this.source = source;
      this.played = played;
    }
  }

  RtpStream(RtpLoop loop, InetAddress address, Impairment impairment) throws IOException {
    this.loop = loop;
    this.impairment = impairment;
    random = new Random(impairment.seed());
    Random numbers = new Random();
    ssrc = numbers.nextInt();
    sequence = impairment.startSeq().orElseGet(() -> numbers.nextInt(0x10000)) & 0xFFFF;
    timestamp =
        impairment.startTimestamp().orElseGet(() -> Integer.toUnsignedLong(numbers.nextInt()));
    channel = DatagramChannel.open();
    channel.bind(new InetSocketAddress(address, 0));
    channel.configureBlocking(false);
    loop.post(this::register);
  }

  InetSocketAddress localAddress() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  /** Sends from now on (or goes on sending) to {@code address} with {@code newCodec}. */
  void direct(InetSocketAddress address, Codec newCodec, boolean send) {
    loop.post(
        () -> {
          target = Optional.of(address);
          codec = newCodec;
          sending = send;
          if (!ticking) {
            ticking = true;
            firstTickNanos = System.nanoTime();
            tick();
          }
        });
  }

  /** Says {@code source} from the next packet on, instead of what is said now. */
  CompletionStage<Void> say(AudioSource source) {
    CompletableFuture<Void> played = new CompletableFuture<>();
    loop.post(
        () -> {
          playing.ifPresent(before -> before.played.cancel(false));
          playing = Optional.of(new Playing(source, played));
        });
    return played;
  }

  /** Sends nothing any more, though the call goes on. */
  void stop() {
    loop.post(() -> stopped = true);
  }

  void close() {
    loop.post(
        () -> {
          stopped = true;
          ticking = false;
          playing.ifPresent(before -> before.played.cancel(false));
          try {
            channel.close();
          } catch (IOException e) {
            LOG.debug("closing the RTP socket", e);
          }
        });
  }

  short[] heard() {
    return heard.copy();
  }

  RtpCounters counters() {
    RtpCounters now = counters;
    return new RtpCounters(
        now.sent(),
        now.dropped(),
        now.duplicated(),
        now.reordered(),
        now.received(),
        now.lastSequence(),
        now.received() == 0 ? Long.MAX_VALUE : System.nanoTime() - now.nanosSinceReceived(),
        now.longestGapNanos());
  }

  private void register() {
    try {
      channel.register(loop.selector(), SelectionKey.OP_READ, this);
    } catch (IOException e) {
      LOG.error("can not receive RTP", e);
    }
  }

  /** Sends what one frame of media time asks for, and sets the time of the next. */
  private void tick() {
    if (!ticking || stopped) {
      return;
    }
    byte[] packet = nextPacket();
    boolean inGap =
        impairment.gaps().stream().anyMatch(gap -> gap.covers(frames * FRAME_NANOS / 1_000_000));
    if (sending && !inGap) {
      if (marker) {
        packet[1] |= (byte) 0x80;
      }
      marker = false;
      impair(packet);
    } else {
      marker = true;
    }
    frames++;
    double interval = FRAME_NANOS / (1 + impairment.skewPpm() / 1e6);
    loop.at(firstTickNanos + Math.round(frames * interval), this::tick);
  }

  private byte[] nextPacket() {
    if (impairment.ssrcChangeAfter() > 0 && packetsOfSsrc == impairment.ssrcChangeAfter()) {
      packetsOfSsrc = 0;
      ssrc = random.nextInt();
      sequence = random.nextInt(0x10000);
      timestamp = Integer.toUnsignedLong(random.nextInt());
      marker = true;
    }
    byte[] packet = new byte[HEADER_BYTES + FRAME_SAMPLES];
    ByteBuffer header = ByteBuffer.wrap(packet);
    header.put((byte) 0x80).put((byte) codec.payloadType()).putShort((short) sequence);
    header.putInt((int) timestamp).putInt(ssrc);
    fill(packet);
    timestamp += FRAME_SAMPLES;
    packetsOfSsrc++;
    return packet;
  }

  private void fill(byte[] packet) {
    if (playing.isEmpty() || !sending) {
      Arrays.fill(packet, HEADER_BYTES, packet.length, codec.silence());
      return;
    }
    Playing now = playing.get();
    for (int i = HEADER_BYTES; i < packet.length; i++) {
      boolean more = now.position < now.source.samples();
      packet[i] = more ? codec.encode(now.source.sample(now.position++)) : codec.silence();
    }
    if (now.position >= now.source.samples()) {
      playing = Optional.empty();
      // The last sample has been heard a frame after its packet left.
      loop.at(System.nanoTime() + FRAME_NANOS, () -> now.played.complete(null));
    }
  }

  private void impair(byte[] packet) {
    // All draws are made for every packet, so that one rate does not change the others' luck.
    boolean lost = random.nextDouble() < impairment.lossRate();
    boolean twice = random.nextDouble() < impairment.duplicateRate();
    boolean late = random.nextDouble() < impairment.reorderRate();
    long delay = Math.round(random.nextDouble() * impairment.jitterMs() * 1e6);
    int number = sequence;
    sequence = (sequence + 1) & 0xFFFF;
    RtpCounters c = counters;
    counters =
        new RtpCounters(
            c.sent(),
            c.dropped() + (lost ? 1 : 0),
            c.duplicated() + (!lost && twice ? 1 : 0),
            c.reordered() + (!lost && late && heldBack.isEmpty() ? 1 : 0),
            c.received(),
            number,
            c.nanosSinceReceived(),
            c.longestGapNanos());
    if (!lost && late && heldBack.isEmpty()) {
      heldBack = Optional.of(packet);
      return;
    }
    if (!lost) {
      sendIn(delay, packet);
      if (twice) {
        sendIn(delay, packet);
      }
    }
    heldBack.ifPresent(before -> sendIn(delay, before));
    heldBack = Optional.empty();
  }

  private void sendIn(long delayNanos, byte[] packet) {
    if (delayNanos == 0) {
      transmit(packet);
    } else {
      loop.at(System.nanoTime() + delayNanos, () -> transmit(packet));
    }
  }

  private void transmit(byte[] packet) {
    if (stopped || target.isEmpty()) {
      return;
    }
    try {
      channel.send(ByteBuffer.wrap(packet), target.get());
      RtpCounters c = counters;
      counters =
          new RtpCounters(
              c.sent() + 1,
              c.dropped(),
              c.duplicated(),
              c.reordered(),
              c.received(),
              c.lastSequence(),
              c.nanosSinceReceived(),
              c.longestGapNanos());
    } catch (IOException e) {
      LOG.debug("an RTP packet was not sent", e);
    }
  }

  /** Takes in all packets that are there. */
  void receive() {
    try {
      while (channel.isOpen() && channel.receive(incoming.clear()) != null) {
        take(incoming.flip());
      }
    } catch (PortUnreachableException e) {
      LOG.debug("nobody at the other side's RTP port");
    } catch (IOException e) {
      LOG.warn("receiving RTP", e);
    }
  }

  private void take(ByteBuffer packet) {
    if (packet.limit() < HEADER_BYTES || (packet.get(0) & 0xC0) != 0x80) {
      return;
    }
    long now = System.nanoTime();
    RtpCounters c = counters;
    long gap = c.received() == 0 ? 0 : now - lastReceivedNanos;
    lastReceivedNanos = now;
    counters =
        new RtpCounters(
            c.sent(),
            c.dropped(),
            c.duplicated(),
            c.reordered(),
            c.received() + 1,
            c.lastSequence(),
            now,
            Math.max(gap, c.longestGapNanos()));
    int type = packet.get(1) & 0x7F;
    for (Codec heardCodec : Codec.values()) {
      if (heardCodec.payloadType() == type) {
        int from = HEADER_BYTES + 4 * (packet.get(0) & 0x0F);
        heard.add(
            packet.getInt(8),
            Integer.toUnsignedLong(packet.getInt(4)),
            heardCodec,
            incomingBytes,
            Math.min(from, packet.limit()),
            packet.limit());
      }
    }
  }
}
