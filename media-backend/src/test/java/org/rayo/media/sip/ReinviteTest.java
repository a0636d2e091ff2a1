package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rayo.media.DialRequest;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.rtp.RtpStreamParameters;
import org.rayo.media.rtp.StreamDirection;

/**
 * Our INVITEs within the dialog of a call that we placed, answered slowly, with a challenge, or not
 * at all.
 */
@Timeout(60)
class ReinviteTest {

  private static final JoinRequest DIRECT =
      new JoinRequest("p", JoinRequest.Direction.DUPLEX, JoinRequest.Media.DIRECT);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private Backend backend;
  private CalledPhone phone;
  private SipCaller caller;
  private MediaCall dialled;
  private Listening told;
  private MediaCall rungIn;
  private SipText firstInvite;
  private Backend.FakePort dialledPort;

  @BeforeEach
  void callsUp() throws Exception {
    phone = CalledPhone.udp();
    SipGateway gateway =
        new SipGateway(
            "carrier",
            "127.0.0.1",
            phone.port(),
            SipGateway.Transport.UDP,
            Optional.of(new SipGateway.Credentials("user", "secret", Optional.empty())),
            Optional.empty());
    backend =
        Backend.start(
            SipSettings.loopback()
                .with(
                    new DialPlan(
                        List.of(gateway),
                        List.of(new SipRoute("tel:*", "carrier", "", "")),
                        List.of())),
            PATIENCE);
    dialled =
        done(
            backend.backend.dial(
                new DialRequest(
                    URI.create("tel:+49301"), Optional.empty(), List.of(), Optional.empty())));
    told = Listening.to(dialled);
    firstInvite = phone.await("INVITE");
    phone.respondWith(firstInvite, "200 OK", 41000);
    phone.await("ACK");
    told.await(MediaEvent.Answered.class);
    dialledPort = backend.awaitPort();
    caller = SipCaller.udp(backend.port());
    caller.inviteWith(SipCaller.sdp(42000));
    rungIn = backend.awaitCall();
    CompletionStage<Void> answer = rungIn.answer(List.of());
    caller.ack(caller.awaitStatus(200));
    done(answer);
  }

  @AfterEach
  void stop() throws Exception {
    phone.close();
    caller.close();
    backend.closeLater();
  }

  private static int number(SipText message) {
    return Integer.parseInt(message.header("CSeq").split(" ", -1)[0]);
  }

  private void takes(SipText invite) throws Exception {
    phone.respondWith(invite, "200 OK", 41000);
    assertThat(number(phone.await("ACK"))).isEqualTo(number(invite));
  }

  @Test
  void join_ofAPlacedCall_inItsDialog_andOurRtpStandsStill() throws Exception {
    CompletionStage<Void> join = dialled.join(rungIn, DIRECT);
    SipText invite = phone.await("INVITE");
    assertThat(number(invite)).isEqualTo(number(firstInvite) + 1);
    assertThat(invite.header("Call-ID")).isEqualTo(firstInvite.header("Call-ID"));
    assertThat(invite.header("From")).isEqualTo(firstInvite.header("From"));
    assertThat(invite.header("To")).contains(";tag=");
    assertThat(invite.header("Contact")).isEqualTo(firstInvite.header("Contact"));
    assertThat(invite.body()).contains("m=audio 42000 RTP/AVP 0 8 101\r\n");
    phone.respond(invite, "100 Trying");
    takes(invite);
    SipText second = caller.awaitRequest("INVITE");
    caller.respondWith(second, "200 OK", SipCaller.sdp(42000));
    caller.awaitRequest("ACK");
    done(join);
    assertThat(((RtpStreamParameters) dialledPort.awaitTold()).direction())
        .isEqualTo(StreamDirection.SENDRECV);
    assertThat(((RtpStreamParameters) dialledPort.awaitTold()).direction())
        .isEqualTo(StreamDirection.INACTIVE);
    dialledPort.listener.rtpSilent(Duration.ofHours(1));
    assertThat(dialled.dialogState().orElseThrow()).contains("cseq=" + number(invite));

    CompletionStage<Void> unjoin = dialled.unjoin(rungIn);
    SipText back = phone.await("INVITE");
    assertThat(back.body()).contains("m=audio " + dialledPort.port + " RTP/AVP 0 8 101\r\n");
    takes(back);
    SipText backToo = caller.awaitRequest("INVITE");
    caller.respondWith(backToo, "200 OK", SipCaller.sdp(42000));
    done(unjoin);
    assertThat(((RtpStreamParameters) dialledPort.awaitTold()).direction())
        .isEqualTo(StreamDirection.SENDRECV);
    assertThat(told.events).isEmpty();
  }

  /** Every ten times the patience. */
  @Test
  void joined_endsAreAskedNowAndThen_whoIsGoneEnds() throws Exception {
    CompletionStage<Void> join = dialled.join(rungIn, DIRECT);
    SipText invite = phone.await("INVITE");
    takes(invite);
    SipText second = caller.awaitRequest("INVITE");
    caller.respondWith(second, "200 OK", SipCaller.sdp(42000));
    caller.awaitRequest("ACK");
    done(join);
    assertThat(phone.isQuiet(5000, "INVITE")).isTrue();
    SipText refresh = phone.await("INVITE");
    assertThat(refresh.body()).isEqualTo(invite.body());
    assertThat(number(refresh)).isGreaterThan(number(invite));
    phone.respond(refresh, "481 Gone");
    phone.respond(phone.await("BYE"), "200 OK");
    assertThat(told.awaitEnd().reason()).isEqualTo(EndReason.ERROR);
    SipText other = caller.awaitRequest("INVITE");
    assertThat(other.body()).isEqualTo(second.body());
    caller.respondWith(other, "200 OK", SipCaller.sdp(42000));
    SipText back = caller.awaitRequest("INVITE");
    assertThat(back.body()).doesNotContain("m=audio 41000");
  }

  @Test
  void challenge_isAnsweredOnce() throws Exception {
    CompletionStage<Void> join = dialled.join(rungIn, DIRECT);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "407 Who", "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\"");
    phone.await("ACK");
    SipText again = phone.await("INVITE");
    assertThat(again.header("Proxy-Authorization")).contains("nonce=\"n1\"");
    assertThat(again.body()).isEqualTo(invite.body());
    assertThat(number(again)).isEqualTo(number(invite) + 1);
    phone.respond(again, "407 Who", "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n2\"");
    assertThat(failure(join).fault()).isEqualTo(Fault.UNSUPPORTED);
  }

  @Test
  void nobodyDecides_isTakenBack() throws Exception {
    CompletionStage<Void> join = dialled.join(rungIn, DIRECT);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "180 Ringing");
    SipText cancel = phone.await("CANCEL");
    assertThat(number(cancel)).isEqualTo(number(invite));
    phone.respond(cancel, "200 OK");
    phone.respond(invite, "487 Request Terminated");
    phone.await("ACK");
    assertThat(failure(join).fault()).isEqualTo(Fault.UNSUPPORTED);
    assertThat(caller.isQuiet(Duration.ofMillis(300), m -> !m.isResponse())).isTrue();
    assertThat(told.events).isEmpty();
  }

  @Test
  void nobodyDecides_notEvenWhenTakenBack_theCallEnds() throws Exception {
    CompletionStage<Void> join = dialled.join(rungIn, DIRECT);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "180 Ringing");
    phone.respond(phone.await("CANCEL"), "200 OK");
    assertThat(failure(join).fault()).isEqualTo(Fault.GONE);
    phone.respond(phone.await("BYE"), "200 OK");
    assertThat(told.awaitEnd().reason()).isEqualTo(EndReason.ERROR);
  }

  @Test
  void takenAfterAll_whenTakenBack_counts() throws Exception {
    CompletionStage<Void> join = dialled.join(rungIn, DIRECT);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "180 Ringing");
    phone.respond(phone.await("CANCEL"), "200 OK");
    takes(invite);
    SipText second = caller.awaitRequest("INVITE");
    caller.respondWith(second, "200 OK", SipCaller.sdp(42000));
    caller.awaitRequest("ACK");
    done(join);
  }

  @Test
  void takenTwice_isAcknowledgedTwice() throws Exception {
    CompletionStage<Void> join = dialled.join(rungIn, DIRECT);
    SipText invite = phone.await("INVITE");
    takes(invite);
    takes(invite);
    SipText second = caller.awaitRequest("INVITE");
    caller.respondWith(second, "200 OK", SipCaller.sdp(42000));
    caller.awaitRequest("ACK");
    done(join);
    assertThat(phone.isQuiet(300, "BYE")).isTrue();
  }

  @Test
  void answerThatCannotBeUsed_isAcknowledged_andTheAudioComesBack() throws Exception {
    CompletionStage<Void> join = dialled.join(rungIn, DIRECT);
    SipText invite = phone.await("INVITE");
    phone.respond(invite, "200 OK");
    phone.await("ACK");
    SipText back = phone.await("INVITE");
    assertThat(back.body()).contains("m=audio " + dialledPort.port + " ");
    takes(back);
    assertThat(failure(join).fault()).isEqualTo(Fault.UNSUPPORTED);
  }
}
