package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;
import static org.rayo.media.sip.RecordingSite.PACKETS;
import static org.rayo.media.sip.RecordingSite.rtpPort;
import static org.rayo.media.sip.RecordingSite.samples;
import static org.rayo.media.sip.RecordingSite.toneBlocks;
import static org.rayo.media.sip.RecordingSite.wav;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.CapturedRecording;
import org.rayo.media.DialRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingTarget;

/** Calls that we place over real SIP and real RTP into real files. */
class RecordedDialTest {

  @TempDir private Path directory;

  private static MediaCall dial(RecordingSite site, URI to) throws Exception {
    return done(
        site.backend.dial(new DialRequest(to, Optional.empty(), List.of(), Optional.empty())));
  }

  @Test
  void earlyMediaAndAnswer_recordedAcross_fileHasBothTones() throws Exception {
    // Whom we call need not be allowed to call us.
    SipSettings any = SipSettings.loopback();
    SipSettings nobody =
        new SipSettings(
            any.address(),
            0,
            any.publicAddress(),
            List.of(AddressRange.parse("192.0.2.1")),
            any.ringTimeout(),
            any.rtpTimeout(),
            any.maxCalls(),
            any.userAgent());
    try (RecordingSite site = new RecordingSite(nobody);
        CalledPhone phone = CalledPhone.udp()) {
      MediaCall call = dial(site, phone.uri());
      Listening heard = Listening.to(call);
      SipText invite = phone.await("INVITE");
      Path file = directory.resolve("call.wav");
      RecordingTarget target = new RecordingTarget("r1", file);
      assertThat(failure(call.record(wav(), target)).fault()).isEqualTo(Fault.WRONG_STATE);
      phone.respondWith(invite, "183 Progress", site.media.getLocalPort());
      heard.await(MediaEvent.EarlyMedia.class);
      done(call.record(wav(), target));
      site.sendTone(rtpPort(invite));
      phone.respondWith(invite, "200 OK", site.media.getLocalPort());
      phone.await("ACK");
      heard.await(MediaEvent.Answered.class);
      site.sendTone(rtpPort(invite));
      phone.request(invite, "BYE", "", "");
      assertThat(phone.awaitResponse().status()).isEqualTo(200);

      assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
      CapturedRecording captured = heard.await(MediaEvent.RecordingEnded.class).recording();
      assertThat(captured.cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
      assertThat(toneBlocks(samples(file))).isBetween(2 * PACKETS - 10, 2 * PACKETS + 2);
    }
  }

  /** SIPp's own scenario of whoever is called, an implementation that is not ours. */
  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp"})
  void sippAnswers_ringsUpAndByeConfirmed(String transport) throws Exception {
    try (SippPhone sipp = SippPhone.start(directory, transport, "-sn", "uas");
        RecordingSite site = new RecordingSite(SipSettings.loopback())) {
      URI to = URI.create("sip:service@127.0.0.1:" + sipp.port() + ";transport=" + transport);
      MediaCall call = dial(site, to);
      Listening heard = Listening.to(call);
      heard.await(MediaEvent.Ringing.class);
      heard.await(MediaEvent.Answered.class);
      done(call.hangup(List.of()));
      assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
      sipp.awaitSuccess();
    }
  }

  @ParameterizedTest
  @CsvSource({"hush,true", "wrong,false"})
  void sippChallenges_knowsTheRightPasswordFromTheWrong(String password, boolean right)
      throws Exception {
    Path scenario = Files.writeString(directory.resolve("challenge.xml"), SippPhone.CHALLENGE);
    try (SippPhone sipp = SippPhone.start(directory, "tcp", "-sf", scenario.toString())) {
      SipGateway gateway =
          new SipGateway(
              "carrier",
              "127.0.0.1",
              sipp.port(),
              SipGateway.Transport.TCP,
              Optional.of(new SipGateway.Credentials("ann", password, Optional.empty())),
              Optional.empty());
      DialPlan plan =
          new DialPlan(
              List.of(gateway), List.of(new SipRoute("tel:*", "carrier", "", "")), List.of());
      try (RecordingSite site = new RecordingSite(SipSettings.loopback().with(plan))) {
        MediaCall call = dial(site, URI.create("tel:+4930123"));
        Listening heard = Listening.to(call);
        if (right) {
          heard.await(MediaEvent.Answered.class);
          done(call.hangup(List.of()));
          assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
        } else {
          MediaEvent.Ended ended = heard.awaitEnd();
          assertThat(ended.reason()).isEqualTo(EndReason.REJECTED);
          assertThat(ended.platformCode()).contains("403");
        }
        sipp.awaitSuccess();
      }
    }
  }
}
