package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.audio.G711;
import org.rayo.media.rtp.RtpStreamParameters;
import org.rayo.media.rtp.StreamDirection;

class SdpTest {

  private static final String HEAD =
      "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n";

  private static Sdp parse(String text) throws SdpException {
    return Sdp.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static LocalMedia local() throws Exception {
    return new LocalMedia(InetAddress.getLoopbackAddress(), 20000, 77, 1);
  }

  @Test
  void parse_everyLineEnding_sameDescription() throws Exception {
    String text = HEAD + "m=audio 4000 RTP/AVP 0\na=sendonly\n";
    Sdp expected = parse(text);
    assertThat(parse(text.replace("\n", "\r\n"))).isEqualTo(expected);
    assertThat(parse(text.replace("\n", "\r"))).isEqualTo(expected);
    assertThat(parse(text + "\n\n")).isEqualTo(expected);
  }

  @Test
  void write_whatWasParsed_parsesToTheSame() throws Exception {
    Sdp sdp =
        parse(
            HEAD
                + "a=group:x\nm=audio 4000 RTP/AVP 8 0\nc=IN IP4 192.0.2.2\na=rtpmap:8 PCMA/8000\n"
                + "m=video 4002 RTP/AVP 31\n");
    assertThat(Sdp.parse(SdpWriter.write(sdp))).isEqualTo(sdp);
  }

  @Test
  void parse_lineOfAStream_belongsToIt() throws Exception {
    Sdp sdp = parse(HEAD + "a=inactive\nm=audio 1 RTP/AVP 0\nm=audio 2 RTP/AVP 0\na=recvonly\n");
    assertThat(sdp.directionOf(sdp.media().get(0))).isEqualTo(StreamDirection.INACTIVE);
    assertThat(sdp.directionOf(sdp.media().get(1))).isEqualTo(StreamDirection.RECVONLY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "v=1\n",
        "o=- 1 1 IN IP4 1.1.1.1\nv=0\n",
        "v=0\nv=0\n",
        "v=0\no=- x 1 IN IP4 1.1.1.1\n",
        "v=0\no=- 1 1 IN\n",
        "v=0\no=- 1 1 ATM NSAP 47\n",
        "v=0\no=- 1 1 IN IP4 1.1.1.1\nc=IN IP4\n",
        "v=0\no=- 1 1 IN IP4 1.1.1.1\nt=now\n",
        "v=0\no=- 1 1 IN IP4 1.1.1.1\nm=audio\n",
        "v=0\no=- 1 1 IN IP4 1.1.1.1\nm=audio 99999 RTP/AVP 0\n",
        "v=0\no=- 1 1 IN IP4 1.1.1.1\nm=audio -1 RTP/AVP 0\n",
        "v=0\no=- 1 1 IN IP4 1.1.1.1\nxyz\n",
        "v=0\ns=-\n"
      })
  void parse_bad_saysWhere(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(SdpException.class)
        .hasMessageStartingWith("SDP");
  }

  @Test
  void parse_beyondTheBounds_refused() {
    assertThatThrownBy(() -> parse(HEAD + "a=x\n".repeat(20_000)))
        .isInstanceOf(SdpException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> parse(HEAD + "m=audio 1 RTP/AVP 0\n".repeat(33)))
        .isInstanceOf(SdpException.class)
        .hasMessageContaining("streams");
    assertThatThrownBy(() -> parse(HEAD + "m=audio 1 RTP/AVP" + " 0".repeat(65)))
        .isInstanceOf(SdpException.class)
        .hasMessageContaining("formats");
    assertThatThrownBy(() -> parse(HEAD + "m=audio 1 RTP/AVP 0\n" + "a=x\n".repeat(513)))
        .isInstanceOf(SdpException.class)
        .hasMessageContaining("attributes");
  }

  @Test
  void parse_randomDamage_neverAnotherException() {
    byte[] good = SipCaller.sdp(4000, "sendrecv", "ptime:20").getBytes(StandardCharsets.UTF_8);
    Random random = new Random(1);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(8); n >= 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        AudioNegotiation.agree(Sdp.parse(bad));
        read++;
      } catch (SdpException | NotAcceptableException expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      }
    }
    assertThat(read).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "RTP/AVP 0 8, '', MU_LAW, 0",
    "RTP/AVP 8 0, '', A_LAW, 8",
    "RTP/AVP 18 8, '', A_LAW, 8",
    "RTP/AVP 96, 'a=rtpmap:96 PCMU/8000', MU_LAW, 96",
    "RTP/AVP 97, 'a=rtpmap:97 pcma/8000/1', A_LAW, 97"
  })
  void agree_firstCommonCodec(String formats, String rtpmap, G711 codec, int payloadType)
      throws Exception {
    RtpStreamParameters agreed =
        AudioNegotiation.agree(parse(HEAD + "m=audio 4000 " + formats + "\n" + rtpmap + "\n"));
    assertThat(agreed.codec()).isEqualTo(codec);
    assertThat(agreed.payloadType()).isEqualTo(payloadType);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m=audio 4000 RTP/AVP 18\n",
        "m=audio 4000 RTP/AVP 0\na=rtpmap:0 L16/44100\n",
        "m=audio 4000 RTP/AVP 96\na=rtpmap:96 PCMU/16000\n",
        "m=audio 4000 RTP/SAVP 0\n",
        "m=audio 0 RTP/AVP 0\n",
        "m=video 4000 RTP/AVP 0\n",
        "m=audio 4000 RTP/AVP 0\nc=IN IP4 media.example.net\n",
        "m=audio 4000 RTP/AVP 0\nc=IN IP4 224.2.1.1/127\n",
        "m=audio 4000 RTP/AVP 0\nc=IN IP4 255.255.255.255\n",
        ""
      })
  void agree_nothingInCommon_notAcceptable(String media) {
    assertThatThrownBy(() -> AudioNegotiation.agree(parse(HEAD + media)))
        .isInstanceOf(NotAcceptableException.class);
  }

  @Test
  void answer_otherStreams_refusedInTheirOrder() throws Exception {
    Sdp offer =
        parse(
            HEAD
                + "m=video 4002 RTP/AVP 31 34\nm=audio 0 RTP/AVP 0\nm=audio 4000 RTP/AVP 0 101\n"
                + "a=rtpmap:101 telephone-event/8000\na=recvonly\nm=audio 4004 RTP/AVP 8\n");
    String answer =
        new String(
            SdpWriter.write(AudioNegotiation.answer(offer, AudioNegotiation.agree(offer), local())),
            StandardCharsets.UTF_8);
    assertThat(answer.lines().filter(line -> line.startsWith("m=")))
        .containsExactly(
            "m=video 0 RTP/AVP 31 34",
            "m=audio 0 RTP/AVP 0",
            "m=audio 20000 RTP/AVP 0 101",
            "m=audio 0 RTP/AVP 8");
    assertThat(answer).contains("a=sendonly\r\n", "a=rtpmap:101 telephone-event/8000\r\n");
  }
}
