package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.rayo.media.DetectionRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.Signal;
import org.rayo.media.audio.G711;

/** Detections in a call over real SIP and real RTP. */
class DetectionTest {

  @Test
  void callWithAKey_listenedTo_isTold_notToOneThatIsStopped() throws Exception {
    try (RecordingSite site = new RecordingSite(SipSettings.loopback());
        SipCaller caller = SipCaller.udp(site.backend.localPort())) {
      caller.inviteWith(SipCaller.sdp(site.media.getLocalPort()));
      MediaCall call = site.awaitCall();
      Listening heard = Listening.to(call);
      var answer = call.answer(List.of());
      SipText ok = caller.awaitStatus(200);
      caller.ack(ok);
      Listening.done(answer);

      MediaDetection stopped =
          Listening.done(call.detect(new DetectionRequest("d1", Set.of(Signal.Kind.KEY))));
      Listening.done(call.detect(new DetectionRequest("d2", Set.of(Signal.Kind.KEY))));
      Listening.done(stopped.stop());
      Listening.done(stopped.stop());
      sendKey(site, RecordingSite.rtpPort(ok));

      MediaEvent.Detected key = heard.await(MediaEvent.Detected.class);
      assertThat(key.detectionId()).isEqualTo("d2");
      assertThat(key.signal().kind()).isEqualTo(Signal.Kind.KEY);
      assertThat(key.signal().value()).contains('5');

      caller.bye();
      // On a busy machine a hole in the packets may part one key in two.
      MediaEvent next = heard.await(MediaEvent.class);
      while (next instanceof MediaEvent.Detected again) {
        assertThat(again.detectionId()).isEqualTo("d2");
        next = heard.await(MediaEvent.class);
      }
      assertThat(next).isInstanceOf(MediaEvent.Ended.class);
      assertThat(heard.events).isEmpty();
      assertThat(
              Listening.failure(call.detect(new DetectionRequest("d3", Set.of(Signal.Kind.KEY))))
                  .fault())
          .isEqualTo(MediaException.Fault.GONE);
    }
  }

  /** The sound of a 5, for two seconds. */
  private static void sendKey(RecordingSite site, int port) throws Exception {
    long start = System.nanoTime();
    for (int n = 0; n < 100; n++) {
      ByteBuffer packet = ByteBuffer.allocate(172);
      packet.put((byte) 0x80).put((byte) 0).putShort((short) n);
      packet.putInt(160 * n).putInt(0x1234);
      for (int k = 0; k < 160; k++) {
        double turn = 2 * Math.PI * (n * 160 + k) / 8000;
        double sample = 5000 * (Math.sin(770 * turn) + Math.sin(1336 * turn));
        packet.put(G711.MU_LAW.encode((short) sample));
      }
      site.media.send(
          new DatagramPacket(packet.array(), 172, InetAddress.getLoopbackAddress(), port));
      long due = start + (n + 1) * 20_000_000L;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
  }
}
