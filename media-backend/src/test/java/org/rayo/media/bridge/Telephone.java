package org.rayo.media.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.rayo.media.audio.G711;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSession;
import org.rayo.media.rtp.RtpStreamParameters;
import org.rayo.media.rtp.StreamDirection;

/** A call over real RTP, and whoever calls: says a tone of his own, keeps what he hears. */
final class Telephone implements AutoCloseable {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int FRAME = 160;
  private static final int HEADER = 12;
  private static final long TICK = 20_000_000;

  private static final RtpSession.Listener DEAF =
      new RtpSession.Listener() {
        @Override
        public void rtpSilent(Duration since) {}

        @Override
        public void rtpBack() {}

        @Override
        public void dtmf(char digit, Duration duration) {}
      };

  final RtpSession session;
  final int hertz;
  private final DatagramChannel channel;
  private final InetSocketAddress to;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(2048);
  private short[] heard = new short[8000];
  private int heardSamples;
  private int sent;
  private boolean silent;

  /**
   * @param hertz of what he says; a multiple of 50, so that a frame holds whole waves
   */
  Telephone(RtpEngine engine, int hertz) throws Exception {
    this.hertz = hertz;
    session = engine.open(DEAF);
    channel = DatagramChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 256 * 1024);
    channel.bind(new InetSocketAddress(LOOPBACK, 0));
    channel.configureBlocking(false);
    to = new InetSocketAddress(LOOPBACK, session.localPort());
    session.start(
        new RtpStreamParameters(
            (InetSocketAddress) channel.getLocalAddress(),
            G711.MU_LAW,
            0,
            OptionalInt.of(101),
            StreamDirection.SENDRECV));
  }

  /** Says nothing from now on, or again its tone. */
  void silent(boolean on) {
    silent = on;
  }

  /** All of them say their tones for a while, in real time, and hear. */
  static void talk(List<Telephone> all, int millis) throws IOException {
    long begun = System.nanoTime();
    for (int tick = 0; tick * 20 < millis; tick++) {
      for (int i = 0; i < all.size(); i++) {
        long due = begun + tick * TICK + i * TICK / all.size();
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        all.get(i).send();
        all.get(i).receive();
      }
    }
  }

  /** A key, told by RFC 4733: three packets of its beginning, three of its end. */
  void press(int event) throws IOException {
    int at = sent * FRAME;
    for (int i = 1; i <= 6; i++) {
      header(101, at);
      bytes.put((byte) event).put((byte) (i > 3 ? 0x8a : 0x0a));
      bytes.putShort((short) (Math.min(i, 4) * FRAME));
      channel.send(bytes.flip(), to);
      sent++;
    }
  }

  private void send() throws IOException {
    header(0, sent * FRAME);
    for (int i = 0; i < FRAME; i++) {
      double phase = 2 * Math.PI * hertz * i / 8000;
      bytes.put(G711.MU_LAW.encode(silent ? 0 : (short) (6000 * Math.sin(phase))));
    }
    channel.send(bytes.flip(), to);
    sent++;
  }

  private void header(int payloadType, int timestamp) {
    bytes.clear();
    bytes.put((byte) 0x80).put((byte) payloadType).putShort((short) sent);
    bytes.putInt(timestamp).putInt(hertz);
  }

  private void receive() throws IOException {
    for (; ; ) {
      bytes.clear();
      if (channel.receive(bytes) == null) {
        return;
      }
      bytes.flip().position(HEADER);
      if (heard.length < heardSamples + bytes.remaining()) {
        heard = Arrays.copyOf(heard, 2 * heard.length);
      }
      while (bytes.hasRemaining()) {
        heard[heardSamples++] = G711.MU_LAW.decode(bytes.get());
      }
    }
  }

  /** Forgets what was heard. */
  void listenAnew() throws IOException {
    receive();
    heardSamples = 0;
  }

  short[] heard() {
    return Arrays.copyOf(heard, heardSamples);
  }

  /** The share of what was heard, in stretches of 20 ms, in which a tone is clearly there. */
  double hears(int hertz) {
    return share(heard(), hertz);
  }

  /** The share of these, in stretches of 20 ms, in which a tone is clearly there. */
  static double share(short[] samples, int hertz) {
    int blocks = samples.length / FRAME;
    int found = 0;
    for (int block = 0; block < blocks; block++) {
      if (peak(samples, block * FRAME, hertz) > 1500) {
        found++;
      }
    }
    return blocks == 0 ? 0 : (double) found / blocks;
  }

  /** The amplitude of a tone within 20 ms, by Goertzel's algorithm. */
  private static double peak(short[] samples, int from, int hertz) {
    double coefficient = 2 * Math.cos(2 * Math.PI * hertz / 8000);
    double one = 0;
    double two = 0;
    for (int i = from; i < from + FRAME; i++) {
      double next = samples[i] + coefficient * one - two;
      two = one;
      one = next;
    }
    return 2 * Math.sqrt(one * one + two * two - coefficient * one * two) / FRAME;
  }

  @Override
  public void close() throws IOException {
    session.close();
    channel.close();
  }
}
