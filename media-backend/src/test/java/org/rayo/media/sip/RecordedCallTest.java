package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.RecordingSite.PACKETS;
import static org.rayo.media.sip.RecordingSite.samples;
import static org.rayo.media.sip.RecordingSite.toneBlocks;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaEvent;

/** A call over real SIP and real RTP into a real file. */
class RecordedCallTest {

  @TempDir private Path directory;

  @Test
  void callWithATone_recordedUntilBye_fileHasTheTone() throws Exception {
    try (RecordingSite site = new RecordingSite(SipSettings.loopback());
        SipCaller caller = SipCaller.udp(site.backend.localPort())) {
      Path file = directory.resolve("call.wav");
      RecordingSite.Recorded recorded = site.answerAndRecord(caller, file);
      Listening heard = recorded.heard();
      site.sendTone(recorded.rtpPort());
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

  @Test
  void allowedCallers_configured_rtpFromOthersIsNotHeard() throws Exception {
    SipSettings any = SipSettings.loopback();
    SipSettings some =
        new SipSettings(
            any.address(),
            0,
            any.publicAddress(),
            List.of(AddressRange.parse("127.0.0.1")),
            any.ringTimeout(),
            any.rtpTimeout(),
            any.maxCalls(),
            any.userAgent());
    try (RecordingSite site = new RecordingSite(some);
        DatagramSocket stranger = new DatagramSocket(new InetSocketAddress("127.0.0.2", 0));
        SipCaller caller = SipCaller.udp(site.backend.localPort())) {
      Path file = directory.resolve("call.wav");
      RecordingSite.Recorded recorded = site.answerAndRecord(caller, file);
      Listening heard = recorded.heard();
      site.sendTone(stranger, recorded.rtpPort());
      site.sendTone(recorded.rtpPort());
      caller.bye();
      heard.awaitEnd();
      heard.await(MediaEvent.RecordingEnded.class);
      assertThat(toneBlocks(samples(file))).isBetween(PACKETS - 2, PACKETS + 1);
    }
  }
}
