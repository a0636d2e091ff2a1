package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;

class RefusalTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private Backend backend;
  private SipCaller caller;

  private void start(SipSettings settings) throws Exception {
    backend = Backend.start(settings);
    caller = SipCaller.udp(backend.port());
  }

  @AfterEach
  void stop() {
    caller.close();
    backend.closeLater();
  }

  private SipText refused(String sdp, String... headers) {
    caller.inviteWith(sdp, headers);
    SipText refusal = caller.awaitFinal("INVITE");
    caller.ack(refusal);
    assertThat(backend.incoming).isEmpty();
    return refusal;
  }

  @Test
  void invite_fromAnAddressNotListed_403() throws Exception {
    start(
        new SipSettings(
            "127.0.0.1",
            0,
            Optional.empty(),
            List.of(AddressRange.parse("192.0.2.0/24")),
            LONG,
            LONG,
            10,
            "Rayo"));
    assertThat(refused(SipCaller.sdp(40000)).status()).isEqualTo(403);
    caller.inDialog("OPTIONS", "");
    assertThat(caller.awaitFinal("OPTIONS").status()).isEqualTo(403);
  }

  @Test
  void invite_fromAListedAddress_comesIn() throws Exception {
    start(
        new SipSettings(
            "127.0.0.1",
            0,
            Optional.of("203.0.113.9"),
            List.of(AddressRange.parse("192.0.2.0/24"), AddressRange.parse("127.0.0.0/8")),
            LONG,
            LONG,
            10,
            "Rayo"));
    caller.invite();
    var answer = backend.awaitCall().answer(List.of());
    SipText ok = caller.awaitStatus(200);
    assertThat(ok.body()).contains("c=IN IP4 203.0.113.9");
    assertThat(ok.header("Contact")).contains("203.0.113.9");
    caller.ack(ok);
    done(answer);
  }

  @Test
  void invite_beyondMaxCalls_503UntilOneEnds() throws Exception {
    start(Backend.settings(LONG, LONG, 1));
    caller.invite();
    MediaCall first = backend.awaitCall();
    try (SipCaller second = SipCaller.udp(backend.port())) {
      second.invite();
      SipText full = second.awaitStatus(503);
      assertThat(full.header("Retry-After")).isNotEmpty();
      second.ack(full);
    }
    done(first.hangup(List.of()));
    caller.ack(caller.awaitStatus(603));
    try (SipCaller third = SipCaller.udp(backend.port())) {
      third.invite();
      backend.awaitCall();
    }
  }

  @Test
  void invite_whileDraining_503AndTheOtherCallGoesOn() throws Exception {
    start(SipSettings.loopback());
    caller.invite();
    MediaCall first = backend.awaitCall();
    backend.backend.drain();
    try (SipCaller second = SipCaller.udp(backend.port())) {
      second.invite();
      second.ack(second.awaitStatus(503));
    }
    var answer = first.answer(List.of());
    caller.ack(caller.awaitStatus(200));
    done(answer);
  }

  @Test
  void invite_requiringAnExtension_420Named() throws Exception {
    start(SipSettings.loopback());
    SipText bad = refused(SipCaller.sdp(40000), "Require: 100rel", "Require: nonsense");
    assertThat(bad.status()).isEqualTo(420);
    assertThat(bad.headers("Unsupported").toString()).contains("100rel", "nonsense");
  }

  @Test
  void invite_garbageSdp_400WithTheLine() throws Exception {
    start(SipSettings.loopback());
    SipText bad = refused("v=0\r\nthis is no sdp\r\n");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.header("Warning")).contains("399", "line 2");
  }

  @Test
  void invite_withoutACommonCodec_488() throws Exception {
    start(SipSettings.loopback());
    SipText bad = refused(SipCaller.sdp(40000).replace("RTP/AVP 0 8 101", "RTP/AVP 18 101"));
    assertThat(bad.status()).isEqualTo(488);
    assertThat(bad.header("Warning")).contains("305", "PCMU");
  }

  @Test
  void invite_anotherBody_415() throws Exception {
    start(SipSettings.loopback());
    caller.raw(
        caller
            .text("INVITE", SipCaller.branch(), "hello")
            .replace("application/sdp", "text/plain"));
    SipText bad = caller.awaitFinal("INVITE");
    assertThat(bad.status()).isEqualTo(415);
    assertThat(bad.header("Accept")).isEqualTo("application/sdp");
  }

  @Test
  void invite_neverAnswered_480AndTimeout() throws Exception {
    start(Backend.settings(Duration.ofMillis(400), LONG, 10));
    caller.invite();
    Listening heard = Listening.to(backend.awaitCall());
    caller.ack(caller.awaitStatus(480));
    MediaEvent.Ended ended = heard.awaitEnd();
    assertThat(ended.reason()).isEqualTo(EndReason.TIMEOUT);
    assertThat(ended.platformCode()).contains("480");
  }

  @Test
  void answer_neverAcknowledged_byeAndError() throws Exception {
    backend = Backend.start(SipSettings.loopback(), Duration.ofMillis(700));
    caller = SipCaller.udp(backend.port());
    caller.invite();
    MediaCall call = backend.awaitCall();
    Listening heard = Listening.to(call);
    var answer = call.answer(List.of());
    caller.awaitStatus(200);
    caller.ok(caller.awaitRequest("BYE"));
    assertThat(failure(answer).fault()).isEqualTo(Fault.GONE);
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.ERROR);
  }

  @Test
  void rtp_goneForTooLong_byeAndError() throws Exception {
    start(Backend.settings(LONG, Duration.ofMillis(500), 10));
    caller.invite();
    MediaCall call = backend.awaitCall();
    Listening heard = Listening.to(call);
    var answer = call.answer(List.of());
    caller.ack(caller.awaitStatus(200));
    done(answer);
    Backend.FakePort port = backend.awaitPort();
    port.listener.rtpSilent(Duration.ofMillis(200));
    port.listener.rtpBack();
    assertThat(caller.isQuiet(Duration.ofMillis(600), m -> !m.isResponse())).isTrue();
    port.listener.rtpSilent(Duration.ofMillis(200));
    caller.ok(caller.awaitRequest("BYE"));
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.ERROR);
  }

  @Test
  void options_outsideAndWithinACall_200WithWhatItCan() throws Exception {
    start(SipSettings.loopback());
    caller.inDialog("OPTIONS", "");
    SipText outside = caller.awaitFinal("OPTIONS");
    assertThat(outside.status()).isEqualTo(200);
    assertThat(outside.headers("Allow").toString()).contains("INVITE", "BYE", "UPDATE");
    assertThat(outside.header("Accept")).isEqualTo("application/sdp");
    caller.invite();
    var answer = backend.awaitCall().answer(List.of());
    caller.ack(caller.awaitStatus(200));
    done(answer);
    caller.inDialog("OPTIONS", "");
    assertThat(caller.awaitFinal("OPTIONS").status()).isEqualTo(200);
    caller.inDialog("REFER", "", "Refer-To: <sip:x@example.net>");
    SipText refer = caller.awaitFinal("REFER");
    assertThat(refer.status()).isEqualTo(405);
    assertThat(refer.headers("Allow").toString()).contains("BYE");
  }

  @Test
  void unknownMethods_405_andStrayDialogRequests_481() throws Exception {
    start(SipSettings.loopback());
    for (String method : List.of("MESSAGE", "REGISTER", "SUBSCRIBE", "FOO")) {
      caller.inDialog(method, "");
      assertThat(caller.awaitFinal(method).status()).as(method).isEqualTo(405);
    }
    caller.remember(new SipText("SIP/2.0 200 OK\r\nTo: <sip:x@y>;tag=nobody\r\n\r\n"));
    for (String method : List.of("BYE", "INVITE", "UPDATE", "OPTIONS", "INFO")) {
      caller.inDialog(method, "");
      assertThat(caller.awaitFinal(method).status()).as(method).isEqualTo(481);
    }
  }

  @Test
  void invite_repeated_isOneCall_andASpiralIs482() throws Exception {
    start(SipSettings.loopback());
    caller.invite();
    backend.awaitCall();
    caller.repeatInvite(SipCaller.sdp(40000));
    caller.repeatInvite(SipCaller.sdp(40000));
    caller.request("INVITE", SipCaller.branch(), SipCaller.sdp(40000));
    assertThat(caller.awaitFinal("INVITE").status()).isEqualTo(482);
    assertThat(backend.incoming).isEmpty();
  }
}
