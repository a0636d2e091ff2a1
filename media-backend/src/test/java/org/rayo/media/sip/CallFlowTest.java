package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.Header;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.audio.G711;
import org.rayo.media.rtp.RtpStreamParameters;
import org.rayo.media.rtp.StreamDirection;

class CallFlowTest {

  private Backend backend;
  private SipCaller caller;

  @BeforeEach
  void start() throws Exception {
    backend = Backend.start();
    caller = SipCaller.udp(backend.port());
  }

  @AfterEach
  void stop() {
    caller.close();
    backend.closeLater();
  }

  private MediaCall ring() throws Exception {
    caller.invite();
    return backend.awaitCall();
  }

  private MediaCall answered() throws Exception {
    MediaCall call = ring();
    var answer = call.answer(List.of());
    caller.ack(caller.awaitStatus(200));
    done(answer);
    return call;
  }

  @Test
  void invite_acceptAnswerHangup_everyStepOnTheWire() throws Exception {
    caller.invite();
    assertThat(caller.next().status()).isEqualTo(100);
    MediaCall call = backend.awaitCall();
    assertThat(call.signallingId()).isEqualTo(caller.callId);
    Listening heard = Listening.to(call);

    done(call.accept(List.of(new Header("X-Queue", "7"), new Header("X-Queue", "8"))));
    SipText ringing = caller.awaitStatus(180);
    assertThat(ringing.headers("X-Queue")).containsExactly("7", "8");

    var answer = call.answer(List.of()).toCompletableFuture();
    SipText ok = caller.awaitStatus(200);
    assertThat(ok.header("To")).isEqualTo(ringing.header("To"));
    assertThat(ok.header("Contact")).isEqualTo("<sip:127.0.0.1:" + backend.port() + ">");
    assertThat(ok.header("Server")).isEqualTo("Rayo");
    assertThat(ok.body()).contains("m=audio 30000 RTP/AVP 0 101\r\n", "c=IN IP4 127.0.0.1");
    assertThat(answer).isNotDone();
    caller.ack(ok);
    done(answer);

    done(call.hangup(List.of(new Header("X-Why", "done"))));
    SipText bye = caller.awaitRequest("BYE");
    assertThat(bye.header("X-Why")).isEqualTo("done");
    assertThat(bye.header("Via")).contains("127.0.0.1:" + backend.port());
    caller.ok(bye);
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    assertThat(failure(call.hangup(List.of())).fault()).isEqualTo(Fault.GONE);
    assertThat(failure(call.answer(List.of())).fault()).isEqualTo(Fault.GONE);
  }

  @Test
  void invite_agreedParameters_reachTheRtpPort() throws Exception {
    answered();
    RtpStreamParameters told = (RtpStreamParameters) backend.awaitPort().awaitTold();
    assertThat(told.remote().getPort()).isEqualTo(40000);
    assertThat(told.codec()).isEqualTo(G711.MU_LAW);
    assertThat(told.dtmfPayloadType()).hasValue(101);
    assertThat(told.direction()).isEqualTo(StreamDirection.SENDRECV);
  }

  @Test
  void accept_repeated_harmless() throws Exception {
    MediaCall call = ring();
    done(call.accept(List.of()));
    done(call.accept(List.of()));
    caller.awaitStatus(180);
    caller.awaitStatus(180);
  }

  @Test
  void answer_beforeAck_repeatsUntilAcknowledged() throws Exception {
    MediaCall call = ring();
    var answer = call.answer(List.of());
    caller.awaitStatus(200);
    SipText again = caller.awaitStatus(200);
    caller.ack(again);
    done(answer);
    assertThat(caller.isQuiet(Duration.ofMillis(1500), m -> m.status() == 200)).isTrue();
  }

  @Test
  void answer_whenAnswered_wrongState() throws Exception {
    MediaCall call = answered();
    assertThat(failure(call.answer(List.of())).fault()).isEqualTo(Fault.WRONG_STATE);
    assertThat(failure(call.accept(List.of())).fault()).isEqualTo(Fault.WRONG_STATE);
    assertThat(failure(call.reject(RejectReason.BUSY, List.of())).fault())
        .isEqualTo(Fault.WRONG_STATE);
    assertThat(failure(call.redirect(URI.create("sip:x@y"), List.of())).fault())
        .isEqualTo(Fault.WRONG_STATE);
  }

  @ParameterizedTest
  @CsvSource({"DECLINE,603", "BUSY,486", "ERROR,500", "UNAVAILABLE,480"})
  void reject_eachReason_hasItsStatus(RejectReason reason, int status) throws Exception {
    MediaCall call = ring();
    Listening heard = Listening.to(call);
    done(call.reject(reason, List.of(new Header("X-Reason", "so"))));
    SipText refusal = caller.awaitStatus(status);
    assertThat(refusal.header("X-Reason")).isEqualTo("so");
    caller.ack(refusal);
    MediaEvent.Ended ended = heard.awaitEnd();
    assertThat(ended.reason()).isEqualTo(EndReason.REJECTED);
    assertThat(ended.platformCode()).contains(Integer.toString(status));
    assertThat(caller.isQuiet(Duration.ofMillis(700), m -> m.status() == status)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"sip:bob@example.com:5070,<sip:bob@example.com:5070>", "tel:+4930123,<tel:+4930123>"})
  void redirect_unanswered_302WithContact(String to, String contact) throws Exception {
    MediaCall call = ring();
    Listening heard = Listening.to(call);
    done(call.redirect(URI.create(to), List.of(new Header("X-Reason", "moved"))));
    SipText moved = caller.awaitStatus(302);
    assertThat(moved.header("X-Reason")).isEqualTo("moved");
    assertThat(moved.header("Contact")).isEqualTo(contact);
    caller.ack(moved);
    assertThat(heard.awaitEnd().platformCode()).contains("302");
  }

  @Test
  void hangup_unanswered_603() throws Exception {
    MediaCall call = ring();
    Listening heard = Listening.to(call);
    done(call.hangup(List.of(new Header("Reason", "Q.850;cause=21"))));
    SipText declined = caller.awaitStatus(603);
    assertThat(declined.header("Reason")).isEqualTo("Q.850;cause=21");
    caller.ack(declined);
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
  }

  @Test
  void hangup_beforeAck_byeFollowsTheAck() throws Exception {
    MediaCall call = ring();
    Listening heard = Listening.to(call);
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    done(call.hangup(List.of(new Header("X-Why", "early"))));
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    assertThat(failure(answer).fault()).isEqualTo(Fault.GONE);
    assertThat(caller.isQuiet(Duration.ofMillis(300), m -> !m.isResponse())).isTrue();
    caller.ack(ok);
    SipText bye = caller.awaitRequest("BYE");
    assertThat(bye.header("X-Why")).isEqualTo("early");
    caller.ok(bye);
  }

  @Test
  void commandHeaders_ofTheProtocol_unsupportedAndNamed() throws Exception {
    MediaCall call = ring();
    for (String name :
        List.of("Via", "contact", "Call-ID", "Content-Type", "t", "CSeq", "Server")) {
      var refused = failure(call.accept(List.of(new Header(name, "x"))));
      assertThat(refused.fault()).isEqualTo(Fault.UNSUPPORTED);
      assertThat(refused).hasMessageContaining("'" + name + "'");
    }
    done(call.accept(List.of()));
    caller.awaitStatus(180);
  }

  @Test
  void bye_ofTheCaller_200AndHungUp() throws Exception {
    MediaCall call = answered();
    Listening heard = Listening.to(call);
    caller.bye("Reason: Q.850;cause=16;text=\"Normal\"", "X-Last: word");
    assertThat(caller.awaitFinal("BYE").status()).isEqualTo(200);
    MediaEvent.Ended ended = heard.awaitEnd();
    assertThat(ended.reason()).isEqualTo(EndReason.HUNGUP);
    assertThat(ended.platformCode()).contains("16");
    assertThat(ended.headers()).contains(new Header("X-Last", "word"));
    Backend.FakePort port = backend.awaitPort();
    port.awaitTold();
    assertThat(port.awaitTold()).isEqualTo("closed");
  }

  @Test
  void bye_repeated_200Again() throws Exception {
    answered();
    String branch = SipCaller.branch();
    caller.inDialogWith("BYE", branch);
    caller.awaitFinal("BYE");
    boolean answeredAgain = false;
    for (int i = 0; i < 5 && !answeredAgain; i++) { // one too close to the first is swallowed
      caller.request("BYE", branch, "");
      answeredAgain = !caller.isQuiet(Duration.ofMillis(500), m -> m.status() == 200);
    }
    assertThat(answeredAgain).isTrue();
  }

  @Test
  void bye_beforeAck_endsTheAnswer() throws Exception {
    MediaCall call = ring();
    Listening heard = Listening.to(call);
    var answer = call.answer(List.of());
    caller.remember(caller.awaitStatus(200));
    caller.bye();
    assertThat(caller.awaitFinal("BYE").status()).isEqualTo(200);
    assertThat(failure(answer).fault()).isEqualTo(Fault.GONE);
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
  }

  @Test
  void cancel_whileRinging_200And487() throws Exception {
    MediaCall call = ring();
    Listening heard = Listening.to(call);
    done(call.accept(List.of()));
    caller.awaitStatus(180);
    caller.cancel("Reason: Q.850;cause=26", "X-Last: word");
    assertThat(caller.awaitFinal("CANCEL").status()).isEqualTo(200);
    SipText terminated = caller.awaitFinal("INVITE");
    assertThat(terminated.status()).isEqualTo(487);
    caller.ack(terminated);
    MediaEvent.Ended ended = heard.awaitEnd();
    assertThat(ended.reason()).isEqualTo(EndReason.HUNGUP);
    assertThat(ended.platformCode()).isEqualTo(Optional.of("26"));
    assertThat(ended.headers()).contains(new Header("X-Last", "word"));
  }

  @Test
  void bye_whileRinging_200And487() throws Exception {
    MediaCall call = ring();
    Listening heard = Listening.to(call);
    done(call.accept(List.of()));
    caller.remember(caller.awaitStatus(180));
    caller.bye();
    assertThat(caller.awaitFinal("BYE").status()).isEqualTo(200);
    caller.awaitStatus(487);
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
  }

  @Test
  void cancel_afterTheAnswer_callGoesOn() throws Exception {
    MediaCall call = ring();
    Listening heard = Listening.to(call);
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    caller.cancel();
    assertThat(caller.awaitFinal("CANCEL").status()).isIn(200, 481);
    caller.ack(ok);
    done(answer);
    assertThat(heard.events).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "<tel:+4930123456>,tel:+4930123456",
    "Ann <sip:a%20b@example.net:5070;user=phone?x=y>,sip:a%20b@example.net",
    "\"Anonymous\" <sip:anonymous@anonymous.invalid>,sip:anonymous@anonymous.invalid",
    "<sip:example.net>,sip:example.net",
    "<http://example.net>,sip:anonymous@anonymous.invalid"
  })
  void from_everyKindOfAddress_plain(String from, String told) throws Exception {
    caller.raw(
        caller
            .text("INVITE", SipCaller.branch(), SipCaller.sdp(40000))
            .replaceFirst("From: .*>", "From: " + from));
    assertThat(backend.awaitCall().from()).isEqualTo(URI.create(told));
  }

  @Test
  void listener_late_getsWhatCameBefore() throws Exception {
    MediaCall call = ring();
    caller.cancel();
    caller.awaitStatus(487);
    assertThat(Listening.to(call).awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
  }

  @Test
  void cancel_racingTheAnswer_oneFinalResponse() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (SipCaller racer = SipCaller.udp(backend.port())) {
        racer.invite();
        MediaCall call = backend.awaitCall();
        Listening heard = Listening.to(call);
        racer.cancel();
        var answer = call.answer(List.of());
        SipText last = racer.awaitFinal("INVITE");
        racer.ack(last);
        if (last.status() == 200) {
          done(answer);
          racer.bye();
          racer.awaitFinal("BYE");
        } else {
          assertThat(last.status()).isEqualTo(487);
          assertThat(failure(answer).fault()).isIn(Fault.GONE, Fault.FAILED);
        }
        assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
      }
    }
  }

  @Test
  void addressesAndHeaders_ofTheInvite_areTold() throws Exception {
    caller.inviteWith(
        SipCaller.sdp(40000),
        "X-One: first",
        "Subject: a talk",
        "P-Asserted-Identity: <sip:real@example.net>",
        "History-Info: <sip:a@example.net>;index=1, <sip:b@example.net>;index=1.1",
        "User-Agent: test caller",
        "Supported: 100rel, timer",
        "X-One: second");
    MediaCall call = backend.awaitCall();
    assertThat(call.to()).isEqualTo(URI.create("sip:rayo@127.0.0.1"));
    assertThat(call.from()).isEqualTo(URI.create("sip:ann@example.net"));
    assertThat(call.headers())
        .contains(
            new Header("X-One", "first"),
            new Header("X-One", "second"),
            new Header("Subject", "a talk"),
            new Header("P-Asserted-Identity", "<sip:real@example.net>"),
            new Header("User-Agent", "test caller"));
    assertThat(call.headers()).filteredOn(h -> h.name().equals("History-Info")).isNotEmpty();
    assertThat(call.headers())
        .extracting(Header::name)
        .doesNotContain("Via", "From", "To", "Contact", "Supported", "CSeq", "Content-Type");
  }

  @Test
  void offerlessInvite_offerInThe200_answerInTheAck() throws Exception {
    caller.inviteWith("");
    MediaCall call = backend.awaitCall();
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    assertThat(ok.body()).contains("RTP/AVP 0 8 101", "a=sendrecv");
    caller.ackWith(ok, SipCaller.sdp(41000).replace("RTP/AVP 0 8 101", "RTP/AVP 8 101"));
    done(answer);
    RtpStreamParameters told = (RtpStreamParameters) backend.awaitPort().awaitTold();
    assertThat(told.codec()).isEqualTo(G711.A_LAW);
    assertThat(told.remote().getPort()).isEqualTo(41000);
  }

  @Test
  void offerlessInvite_ackWithoutAnswer_isHungUp() throws Exception {
    caller.inviteWith("");
    MediaCall call = backend.awaitCall();
    Listening heard = Listening.to(call);
    var answer = call.answer(List.of());
    caller.ack(caller.awaitStatus(200));
    assertThat(failure(answer).fault()).isEqualTo(Fault.GONE);
    caller.ok(caller.awaitRequest("BYE"));
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.ERROR);
  }

  @Test
  void tcp_callAndBye_answeredWithTcpContact() throws Exception {
    try (SipCaller tcp = SipCaller.tcp(backend.port())) {
      tcp.invite();
      MediaCall call = backend.awaitCall();
      Listening heard = Listening.to(call);
      var answer = call.answer(List.of());
      SipText ok = tcp.awaitStatus(200);
      assertThat(ok.header("Contact"))
          .isEqualTo("<sip:127.0.0.1:" + backend.port() + ";transport=tcp>");
      tcp.ack(ok);
      done(answer);
      tcp.bye();
      assertThat(tcp.awaitFinal("BYE").status()).isEqualTo(200);
      assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
    }
  }

  @Test
  void tcp_hangup_byeOnTheSameConnection() throws Exception {
    try (SipCaller tcp = SipCaller.tcp(backend.port())) {
      tcp.invite();
      MediaCall call = backend.awaitCall();
      var answer = call.answer(List.of());
      tcp.ack(tcp.awaitStatus(200));
      done(answer);
      done(call.hangup(List.of()));
      tcp.ok(tcp.awaitRequest("BYE"));
    }
  }
}
