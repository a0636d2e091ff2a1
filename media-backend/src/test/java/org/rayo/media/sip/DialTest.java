package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.DialRequest;
import org.rayo.media.Header;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.audio.G711;
import org.rayo.media.rtp.RtpStreamParameters;

/** Calls that we place, and everything that the other side may say to them. */
class DialTest {

  private Backend backend;
  private CalledPhone phone;

  @BeforeEach
  void start() throws Exception {
    backend = Backend.start();
    phone = CalledPhone.udp();
  }

  @AfterEach
  void stop() throws Exception {
    phone.close();
    backend.closeLater();
  }

  private static DialRequest to(URI uri) {
    return new DialRequest(uri, Optional.empty(), List.of(), Optional.empty());
  }

  private MediaCall dial(DialRequest request) throws Exception {
    return done(backend.backend.dial(request));
  }

  /** A call that is up. */
  private record Up(MediaCall call, Listening heard, SipText invite) {}

  private Up up() throws Exception {
    MediaCall call = dial(to(phone.uri()));
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    phone.respondWith(invite, "200 OK", 41000);
    phone.await("ACK");
    heard.await(MediaEvent.Answered.class);
    return new Up(call, heard, invite);
  }

  @Test
  void dial_ringsAnsweredHungUp_everyStepOnTheWire() throws Exception {
    MediaCall call =
        dial(
            new DialRequest(
                phone.uri(),
                Optional.of(URI.create("sip:ann@example.net")),
                List.of(new Header("X-Queue", "7"), new Header("X-Queue", "8")),
                Optional.empty()));
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    assertThat(invite.firstLine())
        .isEqualTo("INVITE sip:bob@127.0.0.1:" + phone.port() + " SIP/2.0");
    assertThat(invite.header("From")).startsWith("<sip:ann@example.net>;tag=");
    assertThat(invite.header("To")).isEqualTo("<sip:bob@127.0.0.1:" + phone.port() + ">");
    assertThat(invite.headers("X-Queue")).containsExactly("7", "8");
    assertThat(invite.header("Contact")).isEqualTo("<sip:127.0.0.1:" + backend.port() + ">");
    assertThat(invite.header("User-Agent")).isEqualTo("Rayo");
    assertThat(invite.header("Call-ID")).isEqualTo(call.signallingId());
    assertThat(invite.body())
        .contains("m=audio 30000 RTP/AVP 0 8 101\r\n", "c=IN IP4 127.0.0.1", "a=sendrecv");
    assertThat(call.isOutbound()).isTrue();
    assertThat(call.to()).isEqualTo(phone.uri());
    assertThat(call.from()).isEqualTo(URI.create("sip:ann@example.net"));
    assertThat(call.dialogState()).isEmpty();
    assertThat(failure(call.answer(List.of())).fault()).isEqualTo(Fault.WRONG_STATE);
    assertThat(failure(call.message("text/plain", "x")).fault()).isEqualTo(Fault.WRONG_STATE);

    phone.respond(invite, "100 Trying");
    phone.respond(invite, "180 Ringing", "X-Desk: 3");
    phone.respond(invite, "180 Ringing", "X-Desk: 4");
    assertThat(heard.await(MediaEvent.Ringing.class).headers())
        .containsExactly(new Header("X-Desk", "3"));
    phone.respondWith(invite, "200 OK", 41000, "X-Who: Bob");
    SipText ack = phone.await("ACK");
    assertThat(ack.header("CSeq")).isEqualTo("1 ACK");
    assertThat(ack.header("Via")).contains("127.0.0.1:" + backend.port());
    assertThat(heard.await(MediaEvent.Answered.class).headers())
        .containsExactly(new Header("X-Who", "Bob"));
    RtpStreamParameters told = (RtpStreamParameters) backend.awaitPort().awaitTold();
    assertThat(told.remote().getPort()).isEqualTo(41000);
    assertThat(told.codec()).isEqualTo(G711.MU_LAW);
    assertThat(heard.awaitDialog()).isEqualTo(call.dialogState().orElseThrow());

    done(call.hangup(List.of(new Header("X-Why", "done"))));
    SipText bye = phone.await("BYE");
    assertThat(bye.header("X-Why")).isEqualTo("done");
    assertThat(bye.header("To")).contains(phone.tag);
    phone.respond(bye, "200 OK");
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
  }

  @Test
  void answer_repeated_isAcknowledgedAgain() throws Exception {
    Up up = up();
    phone.respondWith(up.invite(), "200 OK", 41000);
    phone.await("ACK");
    phone.respondWith(up.invite(), "200 OK", 41000);
    phone.await("ACK");
    assertThat(up.heard().events).isEmpty();
  }

  @Test
  void otherSideHangsUp_endedWithItsHeaders() throws Exception {
    Up up = up();
    phone.request(
        up.invite(), "BYE", "", "", "Reason: Q.850;cause=16;text=\"Normal\"", "X-Last: word");
    assertThat(phone.awaitResponse().status()).isEqualTo(200);
    MediaEvent.Ended ended = up.heard().awaitEnd();
    assertThat(ended.reason()).isEqualTo(EndReason.HUNGUP);
    assertThat(ended.platformCode()).contains("16");
    assertThat(ended.headers()).contains(new Header("X-Last", "word"));
  }

  @ParameterizedTest
  @CsvSource({
    "486,BUSY,486",
    "600,BUSY,600",
    "408,TIMEOUT,408",
    "480,TIMEOUT,480",
    "603,REJECTED,603",
    "403,REJECTED,403",
    "404,REJECTED,404",
    "488,REJECTED,488",
    "401,REJECTED,401",
    "302,REJECTED,302",
    "500,ERROR,500",
    "503,ERROR,503"
  })
  void refused_endedWithReasonCodeAndHeaders(int status, EndReason reason, String code)
      throws Exception {
    MediaCall call = dial(to(phone.uri()));
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, status + " No", "X-Because: so");
    phone.await("ACK");
    MediaEvent.Ended ended = heard.awaitEnd();
    assertThat(ended.reason()).isEqualTo(reason);
    assertThat(ended.platformCode()).contains(code);
    assertThat(ended.headers()).contains(new Header("X-Because", "so"));
    assertThat(backend.awaitPort().awaitTold()).isEqualTo("closed");
  }

  @Test
  void refused_withQ850Cause_isTheCode() throws Exception {
    Listening heard = Listening.to(dial(to(phone.uri())));
    phone.respond(phone.await("INVITE"), "480 No", "Reason: Q.850;cause=19");
    assertThat(heard.awaitEnd().platformCode()).contains("19");
  }

  @Test
  void earlyMedia_flowsBeforeTheAnswer() throws Exception {
    MediaCall call = dial(to(phone.uri()));
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "183 Progress");
    phone.respondWith(invite, "183 Progress", 42000);
    heard.await(MediaEvent.EarlyMedia.class);
    Backend.FakePort port = backend.awaitPort();
    assertThat(((RtpStreamParameters) port.awaitTold()).remote().getPort()).isEqualTo(42000);
    phone.respond(invite, "180 Ringing");
    heard.await(MediaEvent.Ringing.class);
    phone.respondWith(invite, "200 OK", 42002);
    heard.await(MediaEvent.Answered.class);
    assertThat(((RtpStreamParameters) port.awaitTold()).remote().getPort()).isEqualTo(42002);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v=0\r\nnonsense", "m=audio 0", "G729"})
  void answer_withoutUsableMedia_ackByeAndError(String sdp) throws Exception {
    Listening heard = Listening.to(dial(to(phone.uri())));
    SipText invite = phone.await("INVITE");
    String body =
        switch (sdp) {
          case "m=audio 0" -> SipCaller.sdp(0);
          case "G729" -> SipCaller.sdp(41000).replace("RTP/AVP 0 8 101", "RTP/AVP 18");
          default -> sdp;
        };
    phone.respondAs(phone.tag, invite, "200 OK", body);
    phone.await("ACK");
    phone.respond(phone.await("BYE"), "200 OK");
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.ERROR);
  }

  @Test
  void hangup_whileRinging_cancelWithItsHeaders() throws Exception {
    MediaCall call = dial(to(phone.uri()));
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "180 Ringing");
    heard.await(MediaEvent.Ringing.class);
    done(call.hangup(List.of(new Header("Reason", "SIP;cause=200;text=\"elsewhere\""))));
    SipText cancel = phone.await("CANCEL");
    assertThat(cancel.header("CSeq")).isEqualTo("1 CANCEL");
    assertThat(cancel.header("Via")).isEqualTo(invite.header("Via"));
    assertThat(cancel.header("Reason")).contains("elsewhere");
    phone.respond(cancel, "200 OK");
    phone.respond(invite, "487 Gone");
    phone.await("ACK");
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    assertThat(failure(call.hangup(List.of())).fault()).isEqualTo(Fault.GONE);
  }

  @Test
  void hangup_beforeAnyResponse_cancelWaitsForOne() throws Exception {
    MediaCall call = dial(to(phone.uri()));
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    done(call.hangup(List.of()));
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    assertThat(phone.isQuiet(300, "CANCEL")).isTrue();
    phone.respond(invite, "100 Trying");
    phone.await("CANCEL");
  }

  @Test
  void cancel_crossedByTheAnswer_ackAndBye() throws Exception {
    MediaCall call = dial(to(phone.uri()));
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "180 Ringing");
    heard.await(MediaEvent.Ringing.class);
    done(call.hangup(List.of(new Header("X-Why", "late"))));
    phone.await("CANCEL");
    phone.respondWith(invite, "200 OK", 41000);
    phone.await("ACK");
    SipText bye = phone.await("BYE");
    assertThat(bye.header("X-Why")).isEqualTo("late");
    phone.respond(bye, "200 OK");
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    assertThat(heard.events).isEmpty();
  }

  @Test
  void neverAnswered_cancelAndTimeout() throws Exception {
    MediaCall call =
        dial(
            new DialRequest(
                phone.uri(), Optional.empty(), List.of(), Optional.of(Duration.ofMillis(400))));
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "180 Ringing");
    phone.respond(phone.await("CANCEL"), "200 OK");
    phone.respond(invite, "487 Gone");
    heard.await(MediaEvent.Ringing.class);
    MediaEvent.Ended ended = heard.awaitEnd();
    assertThat(ended.reason()).isEqualTo(EndReason.TIMEOUT);
    assertThat(ended.platformCode()).contains("408");
  }

  @Test
  void forked_secondAnswerIsHungUp() throws Exception {
    Up up = up();
    // The stack drops it as long as it has the INVITE's transaction; it is repeated, as 200s are.
    for (int i = 0; i < 40 && phone.isQuiet(250, "ACK"); i++) {
      phone.respondAs("other", up.invite(), "200 OK", SipCaller.sdp(43000));
    }
    SipText bye = phone.await("BYE");
    assertThat(bye.header("To")).contains("tag=other");
    assertThat(bye.header("CSeq")).isEqualTo("2 BYE");
    phone.respond(bye, "200 OK");
    phone.respondAs("other", up.invite(), "200 OK", SipCaller.sdp(43000));
    assertThat(phone.await("ACK").header("To")).contains("tag=other");
    assertThat(up.heard().events).isEmpty();
    done(up.call().hangup(List.of()));
    assertThat(phone.await("BYE").header("To")).contains(phone.tag);
  }

  @Test
  void tcp_callAndBye_onOneConnection() throws Exception {
    try (CalledPhone tcp = CalledPhone.tcp()) {
      MediaCall call = dial(to(tcp.uri()));
      Listening heard = Listening.to(call);
      SipText invite = tcp.await("INVITE");
      assertThat(invite.header("Via")).startsWith("SIP/2.0/TCP 127.0.0.1:" + backend.port());
      assertThat(invite.header("Contact")).contains(";transport=tcp");
      tcp.respondWith(invite, "200 OK", 41000);
      tcp.await("ACK");
      heard.await(MediaEvent.Answered.class);
      done(call.hangup(List.of()));
      tcp.respond(tcp.await("BYE"), "200 OK");
      assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    }
  }

  private static List<Header> large() {
    return IntStream.range(0, 30)
        .mapToObj(
            i ->
                new Header(
                    "X-Part-" + i,
                    IntStream.range(0, 40)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining())))
        .toList();
  }

  @Test
  void largeInvite_wherNobodyTakesTcp_goesByUdp() throws Exception {
    dial(new DialRequest(phone.uri(), Optional.empty(), large(), Optional.empty()));
    SipText invite = phone.await("INVITE");
    assertThat(invite.header("Via")).startsWith("SIP/2.0/UDP");
    assertThat(invite.header("X-Part-29")).isNotEmpty();
  }

  @Test
  void largeInvite_whereTcpIsTaken_goesByTcp() throws Exception {
    try (CalledPhone tcp = CalledPhone.tcp()) {
      URI plain = URI.create("sip:bob@127.0.0.1:" + tcp.port());
      dial(new DialRequest(plain, Optional.empty(), large(), Optional.empty()));
      assertThat(tcp.await("INVITE").header("Via")).startsWith("SIP/2.0/TCP");
    }
  }

  @Test
  void nobodyListensOnTcp_dialFailsAndLeavesNothing() throws Exception {
    int port;
    try (CalledPhone tcp = CalledPhone.tcp()) {
      port = tcp.port();
    }
    URI nobody = URI.create("sip:bob@127.0.0.1:" + port + ";transport=tcp");
    assertThat(failure(backend.backend.dial(to(nobody))).fault()).isEqualTo(Fault.FAILED);
    assertThat(backend.awaitPort().awaitTold()).isEqualTo("closed");
  }

  @ParameterizedTest
  @CsvSource({
    "sip:bob@192.0.2.7",
    "sip:bob@127.0.0.1.example.invalid",
    "sip:bob@192.0.2.7;maddr=127.0.0.1",
    "sips:bob@127.0.0.1",
    "tel:+4930123",
    "xmpp:ann@example.org",
    "foo:bar",
    "sip:bob@127.0.0.1;transport=sctp"
  })
  void whoMayNotBeCalled_refusedSayingWhatMay(String uri) throws Exception {
    var refused = failure(backend.backend.dial(to(URI.create(uri))));
    assertThat(refused.fault()).isEqualTo(Fault.REFUSED);
    assertThat(refused).hasMessageContaining(uri);
    assertThat(backend.ports).isEmpty();
  }

  @Test
  void headersOfTheProtocol_unsupportedAndNamed() throws Exception {
    for (String name : List.of("Via", "Route", "Authorization", "Contact")) {
      var refused =
          failure(
              backend.backend.dial(
                  new DialRequest(
                      phone.uri(),
                      Optional.empty(),
                      List.of(new Header(name, "x")),
                      Optional.empty())));
      assertThat(refused.fault()).isEqualTo(Fault.UNSUPPORTED);
      assertThat(refused).hasMessageContaining("'" + name + "'");
    }
  }

  @Test
  void noRoom_orDraining_noResources() throws Exception {
    try (Backend small =
        Backend.start(Backend.settings(Duration.ofSeconds(60), Duration.ofSeconds(60), 1))) {
      done(small.backend.dial(to(phone.uri())));
      assertThat(failure(small.backend.dial(to(phone.uri()))).fault())
          .isEqualTo(Fault.NO_RESOURCES);
    }
    backend.backend.drain();
    assertThat(failure(backend.backend.dial(to(phone.uri()))).fault())
        .isEqualTo(Fault.NO_RESOURCES);
  }

  @Test
  void redirected_toOneThatMayBeCalled_isFollowedOnce() throws Exception {
    try (CalledPhone other = CalledPhone.udp()) {
      Listening heard = Listening.to(dial(to(phone.uri())));
      SipText first = phone.await("INVITE");
      phone.respond(
          first,
          "302 Moved",
          "Contact: <sip:far@192.0.2.9>",
          "Contact: <sip:near@127.0.0.1:" + other.port() + ">");
      phone.await("ACK");
      SipText second = other.await("INVITE");
      assertThat(second.firstLine()).contains("sip:near@127.0.0.1");
      assertThat(second.header("CSeq")).isEqualTo("2 INVITE");
      assertThat(second.header("Call-ID")).isEqualTo(first.header("Call-ID"));
      other.respond(second, "302 Moved", "Contact: <sip:bob@127.0.0.1:" + phone.port() + ">");
      assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.REJECTED);
    }
  }

  @Test
  void close_whileRingingAndUp_cancelAndBye() throws Exception {
    Up up = up();
    try (CalledPhone ringing = CalledPhone.udp()) {
      Listening heard = Listening.to(dial(to(ringing.uri())));
      ringing.respond(ringing.await("INVITE"), "180 Ringing");
      heard.await(MediaEvent.Ringing.class);
      backend.close();
      ringing.await("CANCEL");
      phone.await("BYE");
      assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
      assertThat(up.heard().awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    }
  }

  @Test
  void reinviteOfTheOtherSide_isAnswered() throws Exception {
    Up up = up();
    Backend.FakePort port = backend.awaitPort();
    port.awaitTold();
    phone.request(up.invite(), "INVITE", "application/sdp", SipCaller.sdp(44000, "sendonly"));
    SipText ok = phone.awaitResponse();
    assertThat(ok.status()).isEqualTo(200);
    assertThat(ok.body()).contains("a=recvonly");
    assertThat(((RtpStreamParameters) port.awaitTold()).remote().getPort()).isEqualTo(44000);
  }

  @Test
  void updateWhileRinging_refreshesAndNothingElse() throws Exception {
    Listening heard = Listening.to(dial(to(phone.uri())));
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "180 Ringing");
    heard.await(MediaEvent.Ringing.class);
    phone.request(invite, "UPDATE", "", "");
    assertThat(phone.awaitResponse().status()).isEqualTo(200);
    phone.request(invite, "UPDATE", "application/sdp", SipCaller.sdp(42000));
    assertThat(phone.awaitResponse().status()).isEqualTo(500);
    phone.request(invite, "MESSAGE", "text/plain", "x");
    assertThat(phone.awaitResponse().status()).isEqualTo(488);
    phone.respondWith(invite, "200 OK", 41000);
    heard.await(MediaEvent.Answered.class);
  }

  @Test
  void manyAtOnce_eachHasItsOwnEnd() throws Exception {
    List<Listening> heard = new java.util.ArrayList<>();
    for (int i = 0; i < 50; i++) {
      heard.add(Listening.to(dial(to(phone.uri()))));
      phone.respond(phone.await("INVITE"), (i % 2 == 0 ? "486" : "603") + " No");
    }
    for (int i = 0; i < 50; i++) {
      assertThat(heard.get(i).awaitEnd().reason())
          .isEqualTo(i % 2 == 0 ? EndReason.BUSY : EndReason.REJECTED);
    }
  }

  @Test
  void forgotten_placedCall_isHungUpByAnotherRun() throws Exception {
    Up up = up();
    try (Backend next = Backend.start()) {
      var ended = next.backend.endForgotten(up.call().dialogState().orElseThrow());
      SipText bye = phone.await("BYE");
      assertThat(bye.header("Call-ID")).isEqualTo(up.invite().header("Call-ID"));
      assertThat(bye.header("From")).isEqualTo(up.invite().header("From"));
      assertThat(bye.header("To")).contains(phone.tag);
      phone.respond(bye, "200 OK");
      done(ended);
    }
  }
}
