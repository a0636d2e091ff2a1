package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.G711;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;

/** A call over real SIP and real RTP into a real file. */
class RecordedCallTest {

  private static final int TONE_HZ = 1000;
  private static final int PACKETS = 100;

  @TempDir private Path directory;

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

  @Test
  void callWithATone_recordedUntilBye_fileHasTheTone() throws Exception {
    RtpSettings rtp = RtpSettings.of(InetAddress.getLoopbackAddress(), 20000, 29999);
    try (RtpEngine engine = new RtpEngine(rtp);
        Recorders recorders = new Recorders(RecorderSettings.DEFAULT, Backend.NO_SYNC);
        EmbeddedMediaBackend backend =
            new EmbeddedMediaBackend(SipSettings.loopback(), engine, recorders);
        DatagramSocket media =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      engine.start();
      BlockingQueue<MediaCall> incoming = new LinkedBlockingQueue<>();
      backend.start(incoming::add);
      try (SipCaller caller = SipCaller.udp(backend.localPort())) {
        caller.inviteWith(SipCaller.sdp(media.getLocalPort()));
        MediaCall call = incoming.poll(10, TimeUnit.SECONDS);
        Listening heard = Listening.to(call);
        var answer = call.answer(List.of());
        SipText ok = caller.awaitStatus(200);
        caller.ack(ok);
        done(answer);
        Path file = directory.resolve("call.wav");
        done(call.record(wav(), new RecordingTarget("r1", file)));
        sendTone(media, rtpPort(ok));
        caller.bye();
        caller.awaitFinal("BYE");

        assertThat(heard.awaitEnd().reason()).isEqualTo(MediaEvent.EndReason.HUNGUP);
        CapturedRecording captured = heard.await(MediaEvent.RecordingEnded.class).recording();
        assertThat(captured.cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
        assertThat(captured.sizeBytes()).isEqualTo(Files.size(file));
        short[] samples = samples(file);
        assertThat(samples.length).isEqualTo((int) captured.samples());
        assertThat(captured.duration())
            .isBetween(Duration.ofMillis(PACKETS * 20 - 20), Duration.ofMillis(PACKETS * 20 + 600));
        long toneSamples = toneBlocks(samples) * 160L;
        System.out.println(
            "recorded "
                + captured.duration().toMillis()
                + " ms, of them tone "
                + toneSamples / 8
                + " ms of "
                + PACKETS * 20);
        // Every packet received before the BYE is in the file; a block may straddle an edge.
        assertThat(toneSamples).isBetween((PACKETS - 2) * 160L, (PACKETS + 1) * 160L);
      }
    }
  }

  private static int rtpPort(SipText ok) {
    String line = ok.body().lines().filter(l -> l.startsWith("m=audio")).findFirst().orElseThrow();
    return Integer.parseInt(line.split(" ", -1)[1]);
  }

  private static void sendTone(DatagramSocket socket, int port) throws Exception {
    long start = System.nanoTime();
    for (int n = 0; n < PACKETS; n++) {
      ByteBuffer packet = ByteBuffer.allocate(172);
      packet.put((byte) 0x80).put((byte) 0).putShort((short) (100 + n));
      packet.putInt(5000 + 160 * n).putInt(0x1234);
      for (int i = 0; i < 160; i++) {
        double phase = 2 * Math.PI * TONE_HZ * (n * 160 + i) / 8000;
        packet.put(G711.MU_LAW.encode((short) (8000 * Math.sin(phase))));
      }
      socket.send(new DatagramPacket(packet.array(), 172, InetAddress.getLoopbackAddress(), port));
      long due = start + (n + 1) * 20_000_000L;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
  }

  private static short[] samples(Path wav) throws Exception {
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
  private static int toneBlocks(short[] samples) {
    int found = 0;
    for (int start = 0; start + 160 <= samples.length; start += 160) {
      double coefficient = 2 * Math.cos(2 * Math.PI * TONE_HZ / 8000);
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
