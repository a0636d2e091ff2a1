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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingTarget;

/** Recording a call before it is answered. */
class EarlyMediaTest {

  @TempDir private Path directory;
  private RecordingSite site;
  private SipCaller caller;
  private MediaCall call;
  private Listening heard;

  @BeforeEach
  void ring() throws Exception {
    site = new RecordingSite(SipSettings.loopback());
    caller = SipCaller.udp(site.backend.localPort());
  }

  @AfterEach
  void stop() {
    caller.close();
    site.closeLater();
  }

  private void invite(String sdp) throws Exception {
    caller.inviteWith(sdp);
    call = site.awaitCall();
    heard = Listening.to(call);
  }

  private void invite() throws Exception {
    invite(SipCaller.sdp(site.media.getLocalPort()));
  }

  private RecordingTarget target(String name) {
    return new RecordingTarget(name, directory.resolve(name + ".wav"));
  }

  private CapturedRecording awaitHangupRecording() throws Exception {
    CapturedRecording captured = heard.await(MediaEvent.RecordingEnded.class).recording();
    assertThat(captured.cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
    return captured;
  }

  @Test
  void record_beforeAnswer_isProgressAndGoesOnAcrossTheAnswer() throws Exception {
    invite();
    done(call.accept(List.of()));
    assertThat(caller.awaitStatus(180).body()).isEmpty();
    done(call.record(wav(), target("early")));
    SipText progress = caller.awaitStatus(183);
    assertThat(progress.header("Content-Type")).isEqualTo("application/sdp");
    assertThat(progress.header("Contact")).isNotEmpty();
    assertThat(progress.header("To")).contains("tag=");
    done(call.record(wav(), target("second")));
    done(call.accept(List.of()));
    caller.awaitStatus(180);
    assertThat(caller.isQuiet(Duration.ofMillis(300), m -> m.status() >= 183)).isTrue();

    site.sendTone(rtpPort(progress));
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    assertThat(ok.body()).isEqualTo(progress.body());
    assertThat(ok.header("To")).isEqualTo(progress.header("To"));
    caller.ack(ok);
    done(answer);
    site.sendTone(rtpPort(ok));
    caller.bye();
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
    awaitHangupRecording();
    awaitHangupRecording();
    int tone = toneBlocks(samples(directory.resolve("early.wav")));
    System.out.printf("figure: early media, %d ms of %d ms found%n", tone * 20, 2 * PACKETS * 20);
    assertThat(tone).isBetween(2 * PACKETS - 4, 2 * PACKETS + 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancel", "reject", "redirect", "hangup"})
  void unansweredCall_ends_recordingEndsWithHangup(String how) throws Exception {
    invite();
    done(call.record(wav(), target("early")));
    caller.awaitStatus(183);
    switch (how) {
      case "cancel" -> caller.cancel();
      case "reject" -> done(call.reject(RejectReason.BUSY, List.of()));
      case "redirect" -> done(call.redirect(URI.create("sip:ann@example.org"), List.of()));
      default -> done(call.hangup(List.of()));
    }
    SipText refusal = caller.awaitFinal("INVITE");
    caller.ack(refusal);
    assertThat(refusal.status())
        .isEqualTo(
            switch (how) {
              case "cancel" -> 487;
              case "reject" -> 486;
              case "redirect" -> 302;
              default -> 603;
            });
    heard.awaitEnd();
    awaitHangupRecording();
  }

  @Test
  void record_callerOffersNothing_wrongStateUntilAnswered() throws Exception {
    invite("");
    MediaException refused = failure(call.record(wav(), target("early")));
    assertThat(refused.fault()).isEqualTo(MediaException.Fault.WRONG_STATE);
    assertThat(caller.isQuiet(Duration.ofMillis(300), m -> m.status() > 100)).isTrue();
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    assertThat(failure(call.record(wav(), target("early"))).fault())
        .isEqualTo(MediaException.Fault.WRONG_STATE);
    caller.ackWith(ok, SipCaller.sdp(site.media.getLocalPort()));
    done(answer);
    done(call.record(wav(), target("later")));
    caller.bye();
    heard.awaitEnd();
    awaitHangupRecording();
  }
}
