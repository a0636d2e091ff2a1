package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.RecordingSite.PACKETS;
import static org.rayo.media.sip.RecordingSite.samples;
import static org.rayo.media.sip.RecordingSite.toneBlocks;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.MediaEvent;

/** Whose RTP is recorded, over real SIP and into a real file. */
class RecordedCallTest {

  @TempDir private Path directory;

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
