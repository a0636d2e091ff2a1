package org.rayo.media.sip;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaCall;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.G711;
import org.rayo.media.output.OutputSettings;
import org.rayo.media.output.Outputs;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.recorder.Unsynced;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;

/** A started backend with real RTP and real files, and a caller's RTP socket that plays a tone. */
final class RecordingSite implements AutoCloseable {

  static final int PACKETS = 100;
  private static final int TONE_HZ = 1000;

  final RtpEngine engine =
      new RtpEngine(RtpSettings.of(InetAddress.getLoopbackAddress(), 20000, 29999));
  final Recorders recorders = new Recorders(RecorderSettings.DEFAULT, new Unsynced());
  final EmbeddedMediaBackend backend;
  final DatagramSocket media;
  private final Outputs outputs;
  private final BlockingQueue<MediaCall> incoming = new LinkedBlockingQueue<>();
  private int packetsSent;

  RecordingSite(SipSettings settings) throws Exception {
    this(settings, OutputSettings.DEFAULT);
  }

  RecordingSite(SipSettings settings, OutputSettings played) throws Exception {
    outputs = new Outputs(played);
    backend = new EmbeddedMediaBackend(settings, engine, recorders, outputs);
    media = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    engine.start();
    backend.start(incoming::add);
  }

  static RecordingRequest wav() {
    return new RecordingRequest(
        AudioFormat.WAV,
        RecordingRequest.Direction.SEND,
        true,
        false,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RecordingRequest.Encoding.DEFAULT);
  }

  MediaCall awaitCall() throws InterruptedException {
    MediaCall call = incoming.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call came in");
    }
    return call;
  }

  /** A call that is up and being recorded. */
  record Recorded(Listening heard, int rtpPort) {}

  Recorded answerAndRecord(SipCaller caller, Path file) throws Exception {
    caller.inviteWith(SipCaller.sdp(media.getLocalPort()));
    MediaCall call = awaitCall();
    Listening heard = Listening.to(call);
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    caller.ack(ok);
    Listening.done(answer);
    Listening.done(call.record(wav(), new RecordingTarget("r1", file)));
    return new Recorded(heard, rtpPort(ok));
  }

  @Override
  public void close() {
    media.close();
    backend.close();
    outputs.close();
    recorders.close();
    engine.close();
  }

  /** JAIN-SIP takes a second to stop, for which the next test need not wait. */
  void closeLater() {
    new Thread(this::close, "closing a site").start();
  }

  static int rtpPort(SipText ok) {
    String line = ok.body().lines().filter(l -> l.startsWith("m=audio")).findFirst().orElseThrow();
    return Integer.parseInt(line.split(" ", -1)[1]);
  }

  /** Speaks for {@link #PACKETS} packets of 20 ms, in real time. */
  void sendTone(int port) throws Exception {
    sendTone(media, port);
  }

  /** The same from another socket. */
  void sendTone(DatagramSocket from, int port) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < PACKETS; i++) {
      int n = packetsSent++;
      ByteBuffer packet = ByteBuffer.allocate(172);
      packet.put((byte) 0x80).put((byte) 0).putShort((short) (100 + n));
      packet.putInt(5000 + 160 * n).putInt(0x1234);
      for (int k = 0; k < 160; k++) {
        double phase = 2 * Math.PI * TONE_HZ * (n * 160 + k) / 8000;
        packet.put(G711.MU_LAW.encode((short) (8000 * Math.sin(phase))));
      }
      from.send(new DatagramPacket(packet.array(), 172, InetAddress.getLoopbackAddress(), port));
      long due = start + (i + 1) * 20_000_000L;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
  }

  static short[] samples(Path wav) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
    int at = 12;
    while (bytes.getInt(at) != 0x61746164) { // "data"
      at += 8 + bytes.getInt(at + 4);
    }
    short[] samples = new short[bytes.getInt(at + 4) / 2];
    bytes.position(at + 8);
    bytes.asShortBuffer().get(samples);
    return samples;
  }

  /** How many stretches of 20 ms are mostly the tone, by Goertzel's algorithm. */
  static int toneBlocks(short[] samples) {
    return toneBlocks(samples, TONE_HZ);
  }

  /** The same of another tone. */
  static int toneBlocks(short[] samples, int toneHz) {
    int found = 0;
    for (int start = 0; start + 160 <= samples.length; start += 160) {
      double coefficient = 2 * Math.cos(2 * Math.PI * toneHz / 8000);
      double one = 0;
      double two = 0;
      double energy = 0;
      for (int i = start; i < start + 160; i++) {
        double next = samples[i] + coefficient * one - two;
        two = one;
        one = next;
        energy += (double) samples[i] * samples[i];
      }
      double tone = (one * one + two * two - coefficient * one * two) * 2 / 160;
      if (energy > 160 * 1000.0 * 1000.0 && tone > 0.9 * energy) {
        found++;
      }
    }
    return found;
  }
}
