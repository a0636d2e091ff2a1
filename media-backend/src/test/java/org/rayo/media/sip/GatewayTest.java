package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.DialRequest;
import org.rayo.media.Header;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;

/** Routes, gateways, and their challenges. */
class GatewayTest {

  private static final SipGateway.Credentials USER =
      new SipGateway.Credentials("4930", "hush", Optional.empty());

  private Backend backend;
  private CalledPhone phone;

  @BeforeEach
  void start() throws Exception {
    phone = CalledPhone.udp();
    backend = backend(Optional.of(USER), Optional.empty());
  }

  private Backend backend(Optional<SipGateway.Credentials> user, Optional<URI> from)
      throws Exception {
    SipGateway gateway =
        new SipGateway("carrier", "127.0.0.1", phone.port(), SipGateway.Transport.UDP, user, from);
    return Backend.start(
        SipSettings.loopback()
            .with(
                new DialPlan(
                    List.of(gateway),
                    List.of(
                        new SipRoute("tel:+49*", "carrier", "+", "00"),
                        new SipRoute("sip:*@example.org", "carrier", "", "")),
                    List.of("*.example.com", "198.51.100.0/24"))));
  }

  @AfterEach
  void stop() throws Exception {
    phone.close();
    backend.closeLater();
  }

  private MediaCall dial(String uri, Optional<String> from) throws Exception {
    return done(
        backend.backend.dial(
            new DialRequest(URI.create(uri), from.map(URI::create), List.of(), Optional.empty())));
  }

  @Test
  void tel_byItsRoute_numberRewrittenAndAskedOfTheGateway() throws Exception {
    MediaCall call = dial("tel:+49-30-123", Optional.empty());
    SipText invite = phone.await("INVITE");
    assertThat(invite.firstLine())
        .isEqualTo("INVITE sip:004930123@127.0.0.1:" + phone.port() + ";user=phone SIP/2.0");
    assertThat(invite.header("From")).startsWith("<sip:4930@127.0.0.1>;tag=");
    assertThat(call.to()).isEqualTo(URI.create("tel:+49-30-123"));
    assertThat(call.from()).isEqualTo(URI.create("sip:4930@127.0.0.1"));
  }

  @Test
  void sip_byItsRoute_goesToTheGatewayAsItIs() throws Exception {
    dial("sip:bob@Example.org;transport=tcp;maddr=192.0.2.1", Optional.of("tel:+4930-99"));
    SipText invite = phone.await("INVITE");
    assertThat(invite.firstLine()).isEqualToIgnoringCase("INVITE sip:bob@example.org SIP/2.0");
    assertThat(invite.header("From")).startsWith("<sip:+493099@127.0.0.1;user=phone>;tag=");
    assertThat(invite.headers("Route")).isEmpty();
  }

  @Test
  void from_ofTheGateway_whereNobodySaysOtherwise() throws Exception {
    Backend other = backend(Optional.empty(), Optional.of(URI.create("sip:desk@example.net")));
    try {
      done(
          other.backend.dial(
              new DialRequest(
                  URI.create("tel:+491"), Optional.empty(), List.of(), Optional.empty())));
      assertThat(phone.await("INVITE").header("From")).startsWith("<sip:desk@example.net>;tag=");
    } finally {
      other.closeLater();
    }
  }

  @Test
  void from_userWithAnAtSign_isEscaped() throws Exception {
    Backend other =
        backend(
            Optional.of(new SipGateway.Credentials("4930@carrier", "", Optional.empty())),
            Optional.empty());
    try {
      done(
          other.backend.dial(
              new DialRequest(
                  URI.create("tel:+491"), Optional.empty(), List.of(), Optional.empty())));
      assertThat(phone.await("INVITE").header("From"))
          .startsWith("<sip:4930%40carrier@127.0.0.1>;tag=");
    } finally {
      other.closeLater();
    }
  }

  @ParameterizedTest
  @CsvSource({"tel:+33123", "sip:bob@example.net", "sip:bob@192.0.2.1"})
  void withoutRoute_refusedNamingWhatIsAllowed(String uri) throws Exception {
    var refused =
        failure(
            backend.backend.dial(
                new DialRequest(URI.create(uri), Optional.empty(), List.of(), Optional.empty())));
    assertThat(refused.fault()).isEqualTo(Fault.REFUSED);
    assertThat(refused).hasMessageContainingAll("tel:+49*", "sip:*@example.org", "198.51.100.0/24");
  }

  @ParameterizedTest
  @CsvSource({
    "401 Unauthorized,WWW-Authenticate,Authorization",
    "407 Proxy,Proxy-Authenticate,Proxy-Authorization"
  })
  void challenge_answeredOnce_thenTheCallIsUp(String status, String challenge, String answer)
      throws Exception {
    MediaCall call = dial("tel:+49301", Optional.empty());
    Listening heard = Listening.to(call);
    SipText first = phone.await("INVITE");
    assertThat(first.header(answer)).isEmpty();
    phone.respond(
        first,
        status,
        challenge + ": Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", opaque=\"o\"");
    SipText second = phone.await("INVITE");
    assertThat(second.header("CSeq")).isEqualTo("2 INVITE");
    assertThat(second.header("Call-ID")).isEqualTo(first.header("Call-ID"));
    assertThat(second.header("From")).isEqualTo(first.header("From"));
    assertThat(second.header("To")).doesNotContain("tag=");
    assertThat(second.body()).isEqualTo(first.body());
    String given = second.header(answer);
    String cnonce = given.replaceAll(".*cnonce=\"([^\"]*)\".*", "$1");
    String uri = second.firstLine().split(" ", 3)[1];
    assertThat(given)
        .isEqualTo(
            DigestAnswer.value(
                new DigestAnswer.Challenge(
                    "r", "n1", Optional.empty(), true, Optional.of("o"), false),
                USER,
                "INVITE",
                uri,
                cnonce));
    phone.respondWith(second, "200 OK", 41000);
    assertThat(phone.await("ACK").header("CSeq")).isEqualTo("2 ACK");
    heard.await(MediaEvent.Answered.class);
    done(call.hangup(List.of()));
    phone.respond(phone.await("BYE"), "200 OK");
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
  }

  @Test
  void challenge_repeated_rejected_butAnsweredAgainWhenStale() throws Exception {
    Listening heard = Listening.to(dial("tel:+49301", Optional.empty()));
    phone.respond(
        phone.await("INVITE"), "401 No", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\"");
    phone.respond(
        phone.await("INVITE"),
        "401 No",
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", stale=true");
    SipText third = phone.await("INVITE");
    assertThat(third.header("Authorization")).contains("nonce=\"n2\"");
    phone.respond(third, "401 No", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n3\"");
    MediaEvent.Ended ended = heard.awaitEnd();
    assertThat(ended.reason()).isEqualTo(EndReason.REJECTED);
    assertThat(ended.platformCode()).contains("401");
    assertThat(phone.isQuiet(300, "INVITE")).isTrue();
  }

  @Test
  void challenges_ofBothKinds_theStrongerIsAnswered() throws Exception {
    dial("tel:+49301", Optional.empty());
    phone.respond(
        phone.await("INVITE"),
        "401 No",
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"",
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth\"");
    assertThat(phone.await("INVITE").header("Authorization"))
        .contains("nonce=\"n2\"", "algorithm=SHA-256");
  }

  @Test
  void challengeToTheBye_answeredOnce() throws Exception {
    MediaCall call = dial("tel:+49301", Optional.empty());
    Listening heard = Listening.to(call);
    phone.respondWith(phone.await("INVITE"), "200 OK", 41000);
    phone.await("ACK");
    heard.await(MediaEvent.Answered.class);
    done(call.hangup(List.of(new Header("X-Why", "done"))));
    SipText bye = phone.await("BYE");
    phone.respond(bye, "407 Who", "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\"");
    SipText again = phone.await("BYE");
    assertThat(again.header("Proxy-Authorization")).contains("nonce=\"n1\"");
    assertThat(again.header("X-Why")).isEqualTo("done");
    assertThat(again.header("CSeq")).isNotEqualTo(bye.header("CSeq"));
    phone.respond(again, "407 Who", "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n2\"");
    assertThat(phone.isQuiet(300, "BYE")).isTrue();
  }

  @Test
  void tcp_givenUpWhileRinging_cancelOnTheSameConnection() throws Exception {
    try (CalledPhone tcp = CalledPhone.tcp()) {
      MediaCall call = dial(tcp.uri().toString(), Optional.empty());
      Listening heard = Listening.to(call);
      SipText invite = tcp.await("INVITE");
      tcp.respond(invite, "180 Ringing");
      heard.await(MediaEvent.Ringing.class);
      done(call.hangup(List.of()));
      SipText cancel = tcp.await("CANCEL");
      assertThat(cancel.header("Via")).isEqualTo(invite.header("Via"));
      tcp.respond(cancel, "200 OK");
      tcp.respond(invite, "487 Gone");
      tcp.await("ACK");
      assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    }
  }

  @Test
  void message_bothWays() throws Exception {
    MediaCall call = dial("tel:+49301", Optional.empty());
    Listening heard = Listening.to(call);
    SipText invite = phone.await("INVITE");
    phone.respondWith(invite, "200 OK", 41000);
    phone.await("ACK");
    heard.await(MediaEvent.Answered.class);

    done(call.message("text/plain", "Grüße"));
    SipText sent = phone.await("MESSAGE");
    assertThat(sent.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
    assertThat(sent.body()).isEqualTo("Grüße");
    phone.respond(sent, "200 OK");
    assertThat(failure(call.message("image/png", "x")).fault()).isEqualTo(Fault.UNSUPPORTED);
    assertThat(failure(call.message("text/plain", "x".repeat(9000))).fault())
        .isEqualTo(Fault.REFUSED);

    phone.request(invite, "MESSAGE", "text/plain", "Grüße zurück");
    assertThat(phone.awaitResponse().status()).isEqualTo(200);
    assertThat(heard.await(MediaEvent.MessageReceived.class))
        .isEqualTo(new MediaEvent.MessageReceived("text/plain", "Grüße zurück"));
    phone.request(invite, "MESSAGE", "application/json", "{}");
    SipText refusal = phone.awaitResponse();
    assertThat(refusal.status()).isEqualTo(415);
    assertThat(refusal.header("Accept")).isEqualTo("text/plain");
    phone.request(invite, "MESSAGE", "text/plain", "x".repeat(9000));
    assertThat(phone.awaitResponse().status()).isEqualTo(413);
    phone.request(invite, "MESSAGE", "text/plain;charset=klingon", "x");
    assertThat(phone.awaitResponse().status()).isEqualTo(415);
    assertThat(heard.events).isEmpty();
  }
}
