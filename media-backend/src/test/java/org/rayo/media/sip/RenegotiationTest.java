package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.audio.G711;
import org.rayo.media.rtp.RtpStreamParameters;
import org.rayo.media.rtp.StreamDirection;

class RenegotiationTest {

  private Backend backend;
  private SipCaller caller;
  private Listening heard;
  private Backend.FakePort port;
  private String firstVersion;

  @BeforeEach
  void callUp() throws Exception {
    backend = Backend.start();
    caller = SipCaller.udp(backend.port());
    caller.invite();
    MediaCall call = backend.awaitCall();
    heard = Listening.to(call);
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    caller.ack(ok);
    done(answer);
    firstVersion = version(ok);
    port = backend.awaitPort();
    port.awaitTold();
  }

  @AfterEach
  void stop() {
    caller.close();
    backend.closeLater();
  }

  private static String version(SipText message) {
    return message
        .body()
        .lines()
        .filter(line -> line.startsWith("o="))
        .findFirst()
        .orElseThrow()
        .split(" ", -1)[2];
  }

  private SipText renegotiate(String method, String sdp) {
    if (method.equals("INVITE")) {
      caller.reinvite(sdp);
      SipText response = caller.awaitFinal("INVITE");
      caller.ack(response);
      return response;
    }
    caller.inDialog("UPDATE", sdp);
    return caller.awaitFinal("UPDATE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVITE", "UPDATE"})
  void holdAndUnhold_changeTheDirection(String method) throws Exception {
    SipText held = renegotiate(method, SipCaller.sdp(40000, "sendonly"));
    assertThat(held.status()).isEqualTo(200);
    assertThat(held.body()).contains("a=recvonly");
    assertThat(version(held)).isNotEqualTo(firstVersion);
    assertThat(told().direction()).isEqualTo(StreamDirection.RECVONLY);

    assertThat(renegotiate(method, SipCaller.sdp(40000, "inactive")).body()).contains("a=inactive");
    assertThat(told().direction()).isEqualTo(StreamDirection.INACTIVE);
    port.listener.rtpSilent(Duration.ofHours(1));

    assertThat(renegotiate(method, SipCaller.sdp(40000)).body()).contains("a=sendrecv");
    assertThat(told().direction()).isEqualTo(StreamDirection.SENDRECV);
    assertThat(heard.events).isEmpty();
  }

  @Test
  void holdByAddressZero_nothingIsSent() throws Exception {
    assertThat(renegotiate("INVITE", SipCaller.sdp("0.0.0.0", 40000)).status()).isEqualTo(200);
    assertThat(told().direction().sends()).isFalse();
  }

  @Test
  void sameOfferAgain_sameVersion_nothingChanges() throws Exception {
    assertThat(version(renegotiate("INVITE", SipCaller.sdp(40000)))).isEqualTo(firstVersion);
    assertThat(renegotiate("UPDATE", "").status()).isEqualTo(200);
    assertThat(port.told).isEmpty();
  }

  @Test
  void codecAndAddressChange_reachTheRtpPort() throws Exception {
    SipText ok =
        renegotiate("INVITE", SipCaller.sdp(42000).replace("RTP/AVP 0 8 101", "RTP/AVP 8 101"));
    assertThat(ok.body()).contains("RTP/AVP 8 101");
    RtpStreamParameters told = told();
    assertThat(told.codec()).isEqualTo(G711.A_LAW);
    assertThat(told.remote().getPort()).isEqualTo(42000);
  }

  @Test
  void offerThatCannotBe_488_andTheCallGoesOn() throws Exception {
    assertThat(
            renegotiate("INVITE", SipCaller.sdp(40000).replace("RTP/AVP 0 8 101", "RTP/AVP 18"))
                .status())
        .isEqualTo(488);
    assertThat(renegotiate("INVITE", "v=0\r\nnonsense").status()).isEqualTo(400);
    caller.bye();
    assertThat(caller.awaitFinal("BYE").status()).isEqualTo(200);
    assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
  }

  @Test
  void offerlessReinvite_answerInTheAck() throws Exception {
    caller.reinvite("");
    SipText ok = caller.awaitFinal("INVITE");
    assertThat(ok.body()).contains("RTP/AVP 0 8 101");
    caller.ackWith(ok, SipCaller.sdp(43000));
    assertThat(told().remote().getPort()).isEqualTo(43000);
  }

  private RtpStreamParameters told() throws InterruptedException {
    return (RtpStreamParameters) port.awaitTold();
  }
}
