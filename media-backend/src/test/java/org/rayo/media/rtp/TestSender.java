package org.rayo.media.rtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.rayo.media.audio.G711;

/** The other side of a call: sends what a test asks for, in real time if the test does. */
final class TestSender implements AutoCloseable {
  private final DatagramChannel channel;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(2048);
  private final SocketAddress to;
  private int sequence = 65_500;
  private int timestamp = -1000;
  private int ssrc = 77;

  TestSender(int port) throws IOException {
    this(InetAddress.getLoopbackAddress(), port);
  }

  TestSender(InetAddress at, int port) throws IOException {
    channel = DatagramChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 256 * 1024);
    channel.bind(new InetSocketAddress(at, 0));
    channel.configureBlocking(false);
    to = new InetSocketAddress(at, port);
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  void ssrc(int ssrc) {
    this.ssrc = ssrc;
  }

  /** Sends one µ-law packet of these samples. */
  void send(short[] samples, int from, int length) throws IOException {
    bytes.clear();
    RtpPacket.writeHeader(bytes, false, 0, sequence, timestamp, ssrc);
    for (int i = 0; i < length; i++) {
      bytes.put(G711.MU_LAW.encode(samples[from + i]));
    }
    bytes.flip();
    channel.send(bytes, to);
    sequence = (sequence + 1) & 0xffff;
    timestamp += length;
  }

  void sendRaw(byte[] datagram) throws IOException {
    channel.send(ByteBuffer.wrap(datagram), to);
  }

  /** The next packet that came here, or an empty buffer. */
  ByteBuffer receive() throws IOException {
    ByteBuffer got = ByteBuffer.allocate(2048);
    channel.receive(got);
    return got.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
