package org.rayo.media.sip;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.rayo.media.audio.G711;

/**
 * A phone that talks in a code: of a few samples it is known where in its talk they are from. A
 * packet every 20 ms, from a thread of its own; what it sends, how, and whether, can be changed.
 */
final class CodedTalker implements AutoCloseable {
  private static final int FRAME = 160;
  private static final long FRAME_NANOS = 20_000_000;

  /** A packet sent. */
  record Sent(long firstSample, G711 law) {
    short sample(int i) {
      return law.decode(code(firstSample + i));
    }
  }

  private final List<Sent> sent = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "coded-talker");
  private DatagramSocket socket = newSocket();
  private int serverPort;
  private G711 law = G711.MU_LAW;
  private boolean muted = true;
  private boolean ended;
  private int ssrc = 0x7001;
  private int sequence = 65_500;
  private int timestampShift = -30_000;

  CodedTalker() throws IOException {
    thread.start();
  }

  private static DatagramSocket newSocket() throws IOException {
    return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static byte code(long i) {
    long mixed = (i + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return (byte) ((mixed >>> 33) % 80);
  }

  synchronized int port() {
    return socket.getLocalPort();
  }

  synchronized void talkTo(int port) {
    serverPort = port;
    muted = false;
  }

  synchronized void mute() {
    muted = true;
  }

  /** Talks again; what it did not say takes no time by its timestamps. */
  synchronized void unmuteAsIfNoTimeHadPassed(int samples) {
    timestampShift -= samples;
    muted = false;
  }

  synchronized void unmute() {
    muted = false;
  }

  synchronized void use(G711 newLaw) {
    law = newLaw;
  }

  /** From another port, as another source. */
  synchronized void move() throws IOException {
    socket.close();
    socket = newSocket();
    ssrc++;
    sequence = 7;
    timestampShift += 1_000_000;
  }

  /** How many packets have been sent. */
  synchronized int count() {
    return sent.size();
  }

  synchronized List<Sent> sent(int from, int to) {
    return List.copyOf(sent.subList(from, to));
  }

  /** Waits until so many more have been sent, and gives how many that are in all. */
  synchronized int awaitMore(int packets) throws InterruptedException {
    int target = sent.size() + packets;
    while (sent.size() < target && !ended) {
      wait(1000);
    }
    return sent.size();
  }

  private void run() {
    long begin = System.nanoTime();
    for (long n = 0; ; n++) {
      long due = begin + n * FRAME_NANOS;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      synchronized (this) {
        if (ended) {
          return;
        }
        if (!muted) {
          send(n * FRAME);
        }
      }
    }
  }

  private void send(long firstSample) {
    Sent packet = new Sent(firstSample, law);
    ByteBuffer bytes = ByteBuffer.allocate(12 + FRAME);
    bytes.put((byte) 0x80).put((byte) (law == G711.MU_LAW ? 0 : 8));
    bytes.putShort((short) sequence++).putInt((int) firstSample + timestampShift).putInt(ssrc);
    for (int i = 0; i < FRAME; i++) {
      bytes.put(code(firstSample + i));
    }
    try {
      socket.send(
          new DatagramPacket(
              bytes.array(), bytes.capacity(), InetAddress.getLoopbackAddress(), serverPort));
    } catch (IOException e) {
      throw new AssertionError("the talker cannot send", e);
    }
    sent.add(packet);
    notifyAll();
  }

  @Override
  public void close() throws InterruptedException {
    synchronized (this) {
      ended = true;
      socket.close();
      notifyAll();
    }
    thread.join();
  }
}
