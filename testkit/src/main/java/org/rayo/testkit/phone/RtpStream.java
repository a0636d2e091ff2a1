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
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Dtmf;
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
  private final InetAddress address;
  private final Queue<DatagramChannel> channels = new ConcurrentLinkedQueue<>();
  private final Impairment impairment;
  private final Random random;
  private final Heard heard = new Heard();
  private final byte[] incomingBytes = new byte[2048];
  private final ByteBuffer incoming = ByteBuffer.wrap(incomingBytes);

  /** Told to the other side; packets leave from {@link #leavesFrom} until it knows. */
  private volatile DatagramChannel newest;

  private DatagramChannel leavesFrom;
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
  private Optional<CallMouth> mouth = Optional.empty();
  private Optional<CallEar> ear = Optional.empty();
  private Optional<Long> lastKey = Optional.empty();
  private Optional<KeyPress> pressing = Optional.empty();
  private Optional<byte[]> heldBack = Optional.empty();
  private long lastReceivedNanos;
  private volatile RtpCounters counters = RtpCounters.NONE;

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
    this.address = address;
    this.impairment = impairment;
    random = new Random(impairment.seed());
    Random numbers = new Random();
    ssrc = numbers.nextInt();
    sequence = impairment.startSeq().orElseGet(() -> numbers.nextInt(0x10000)) & 0xFFFF;
    timestamp =
        impairment.startTimestamp().orElseGet(() -> Integer.toUnsignedLong(numbers.nextInt()));
    newest = open();
    leavesFrom = newest;
  }

  /** Where the other side should send. */
  InetSocketAddress localAddress() throws IOException {
    return (InetSocketAddress) newest.getLocalAddress();
  }

  /**
   * Opens another socket, from which packets leave from the next {@link #direct} on. What comes to
   * the former one is still heard. On the signalling thread.
   */
  void move() throws IOException {
    newest = open();
  }

  private DatagramChannel open() throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.bind(new InetSocketAddress(address, 0));
    channel.configureBlocking(false);
    channels.add(channel);
    loop.post(() -> register(channel));
    return channel;
  }

  /** Sends from now on (or goes on sending) to {@code address} with {@code newCodec}. */
  void direct(InetSocketAddress address, Codec newCodec, boolean send) {
    loop.post(
        () -> {
          target = Optional.of(address);
          codec = newCodec;
          sending = send;
          leavesFrom = newest;
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

  /** Sends what {@code source} says from the next packet on, for the rest of the call. */
  void say(CallMouth source) {
    loop.post(() -> mouth = Optional.of(source));
  }

  /** Tells {@code listener} of what comes from now on. */
  void listen(CallEar listener) {
    loop.post(() -> ear = Optional.of(listener));
  }

  /** Sends a key's events instead of audio, from the next packet on. */
  void press(KeyPress key) {
    loop.post(
        () -> {
          pressing.ifPresent(before -> before.released().cancel(false));
          pressing = Optional.of(key);
        });
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
          pressing.ifPresent(key -> key.released().cancel(false));
          for (DatagramChannel channel : channels) {
            try {
              channel.close();
            } catch (IOException e) {
              LOG.debug("closing an RTP socket", e);
            }
          }
        });
  }

  short[] heard() {
    return heard.copy();
  }

  RtpCounters counters() {
    return counters.asOf(System.nanoTime());
  }

  private void register(DatagramChannel channel) {
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
    renewSsrcWhenDue();
    if (mouth.isPresent()) {
      for (short[] frame : mouth.get().due()) {
        sendFrame(frame);
      }
    } else {
      sendNext();
    }
    frames++;
    double interval = FRAME_NANOS / (1 + impairment.skewPpm() / 1e6);
    loop.at(firstTickNanos + Math.round(frames * interval), this::tick);
  }

  private void sendFrame(short[] frame) {
    boolean said = sending && frame.length > 0;
    if (said) {
      byte[] audio = new byte[FRAME_SAMPLES];
      for (int i = 0; i < audio.length; i++) {
        audio[i] = codec.encode(frame[i]);
      }
      impair(packet(codec.payloadType(), timestamp, marker, audio));
    }
    marker = !said;
    timestamp += FRAME_SAMPLES;
  }

  private void sendNext() {
    byte[] audio = nextAudio();
    boolean inGap =
        impairment.gaps().stream().anyMatch(gap -> gap.covers(frames * FRAME_NANOS / 1_000_000));
    if (sending && pressing.isPresent()) {
      sendKey(pressing.get());
    } else if (sending && !inGap) {
      impair(packet(codec.payloadType(), timestamp, marker, audio));
      marker = false;
    } else {
      marker = true;
    }
    timestamp += FRAME_SAMPLES;
  }

  private void renewSsrcWhenDue() {
    if (impairment.ssrcChangeAfter() > 0 && packetsOfSsrc == impairment.ssrcChangeAfter()) {
      packetsOfSsrc = 0;
      ssrc = random.nextInt();
      sequence = random.nextInt(0x10000);
      timestamp = Integer.toUnsignedLong(random.nextInt());
      marker = true;
    }
    packetsOfSsrc++;
  }

  private byte[] packet(int payloadType, long itsTimestamp, boolean itsMarker, byte[] payload) {
    ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + payload.length);
    packet.put((byte) 0x80).put((byte) (payloadType | (itsMarker ? 0x80 : 0)));
    packet.putShort((short) sequence).putInt((int) itsTimestamp).putInt(ssrc).put(payload);
    return packet.array();
  }

  private void sendKey(KeyPress key) {
    KeyPress.Frame frame = key.next(timestamp);
    for (int i = 0; i < frame.repeats(); i++) {
      impair(
          packet(
              SessionDescription.TELEPHONE_EVENT,
              frame.timestamp(),
              frame.marker(),
              frame.payload()));
    }
    if (frame.isLast()) {
      pressing = Optional.empty();
      key.released().complete(null);
    }
  }

  /** What is said in this frame; time goes on also while nothing may be sent. */
  private byte[] nextAudio() {
    byte[] audio = new byte[FRAME_SAMPLES];
    if (playing.isEmpty()) {
      Arrays.fill(audio, codec.silence());
      return audio;
    }
    Playing now = playing.get();
    for (int i = 0; i < audio.length; i++) {
      boolean more = now.position < now.source.samples();
      audio[i] = more ? codec.encode(now.source.sample(now.position++)) : codec.silence();
    }
    if (now.position >= now.source.samples()) {
      playing = Optional.empty();
      // The last sample has been heard a frame after its packet left.
      loop.at(System.nanoTime() + FRAME_NANOS, () -> now.played.complete(null));
    }
    return audio;
  }

  private void impair(byte[] packet) {
    // All draws are made for every packet, so that one rate does not change the others' luck.
    boolean lost = random.nextDouble() < impairment.lossRate();
    boolean twice = random.nextDouble() < impairment.duplicateRate();
    boolean late = random.nextDouble() < impairment.reorderRate();
    long delay = Math.round(random.nextDouble() * impairment.jitterMs() * 1e6);
    int number = sequence;
    sequence = (sequence + 1) & 0xFFFF;
    boolean held = !lost && late && heldBack.isEmpty();
    counters = counters.withFate(number, lost, !lost && twice, held);
    if (held) {
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
      leavesFrom.send(ByteBuffer.wrap(packet), target.get());
      counters = counters.withSent();
    } catch (IOException e) {
      LOG.debug("an RTP packet was not sent", e);
    }
  }

  /** Takes in all packets that have come to one of the sockets. */
  void receive(DatagramChannel channel) {
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
    long gap = counters.received() == 0 ? 0 : now - lastReceivedNanos;
    lastReceivedNanos = now;
    counters = counters.withReceived(now, gap);
    int type = packet.get(1) & 0x7F;
    int from = Math.min(HEADER_BYTES + 4 * (packet.get(0) & 0x0F), packet.limit());
    if (type == SessionDescription.TELEPHONE_EVENT && packet.limit() >= from + 4) {
      takeKey(packet, from);
    }
    for (Codec heardCodec : Codec.values()) {
      if (heardCodec.payloadType() == type) {
        int ssrcHeard = packet.getInt(8);
        long timestampHeard = Integer.toUnsignedLong(packet.getInt(4));
        heard.add(ssrcHeard, timestampHeard, heardCodec, incomingBytes, from, packet.limit());
        if (ear.isPresent()) {
          short[] pcm = new short[packet.limit() - from];
          for (int i = 0; i < pcm.length; i++) {
            pcm[i] = heardCodec.decode(incomingBytes[from + i]);
          }
          ear.get().audio(ssrcHeard, timestampHeard, pcm);
        }
      }
    }
  }

  /** Tells of a key once, at the first packet that says it was released. */
  private void takeKey(ByteBuffer packet, int from) {
    int event = packet.get(from) & 0xFF;
    long began = Integer.toUnsignedLong(packet.getInt(4));
    boolean released = (packet.get(from + 1) & KeyPress.END_OF_EVENT) != 0;
    if (released && event < Dtmf.KEYS.length() && !lastKey.equals(Optional.of(began))) {
      lastKey = Optional.of(began);
      int samples = packet.getShort(from + 2) & 0xFFFF;
      ear.ifPresent(listener -> listener.key(Dtmf.KEYS.charAt(event), samples));
    }
  }
}
