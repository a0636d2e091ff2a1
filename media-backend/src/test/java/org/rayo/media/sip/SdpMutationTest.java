package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rayo.media.rtp.RtpStreamParameters;

/** Session descriptions that were damaged, or put together wrongly. */
class SdpMutationTest {
  private static final int DESCRIPTIONS = 300_000;

  private static final List<String> LINES =
      List.of(
          "v=0",
          "v=1",
          "o=- 1 1 IN IP4 192.0.2.1",
          "o=- 99999999999999999999999999999999999999999 1 IN IP6 ::1",
          "o=",
          "s=-",
          "s=" + "x".repeat(2000),
          "c=IN IP4 192.0.2.1",
          "c=IN IP4 0.0.0.0",
          "c=IN IP4 224.2.1.1/127/3",
          "c=IN IP6 ::ffff:192.0.2.1",
          "c=IN IP6 fe80::1%eth0",
          "c=IN IP4 host.example.net",
          "c=IN IP4",
          "t=0 0",
          "t=99999999999999999999 1",
          "m=audio 4000 RTP/AVP 0 8 101",
          "m=audio 4000/2 RTP/AVP 8",
          "m=audio 65536 RTP/AVP 0",
          "m=audio 4000 RTP/SAVPF 0 128 -1 x",
          "m=audio 0 RTP/AVP 0",
          "m=video 4002 RTP/AVP 31",
          "m=" + "audio ".repeat(70),
          "a=rtpmap:0 PCMU/8000",
          "a=rtpmap:0 PCMU/8000/2",
          "a=rtpmap:101 telephone-event/8000",
          "a=rtpmap:999999999999 x/1",
          "a=rtpmap:",
          "a=sendonly",
          "a=inactive",
          "a=",
          "b=AS:64",
          "k=prompt",
          "z=0 -1h",
          "\u0000",
          "=",
          "m");

  private final Random random = new Random(4566);

  private byte[] description() {
    if (random.nextInt(3) == 0) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(14); i >= 0; i--) {
        text.append(LINES.get(random.nextInt(LINES.size())));
        text.append(new String[] {"\r\n", "\n", "\r", ""}[Math.max(0, random.nextInt(12) - 8)]);
      }
      return text.toString().getBytes(StandardCharsets.UTF_8);
    }
    byte[] text = SipCaller.sdp(4000, "sendrecv", "ptime:20").getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(10); i > 0; i--) {
      int at = random.nextInt(text.length);
      switch (random.nextInt(4)) {
        case 0 -> text[at] = (byte) random.nextInt(256);
        case 1 -> text[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> text = Arrays.copyOf(text, Math.max(1, at));
        default -> text[at] = text[random.nextInt(text.length)];
      }
    }
    return text;
  }

  @Test
  void descriptions_damaged_areAgreedRefusedOrAnError() throws Exception {
    LocalMedia local = new LocalMedia(InetAddress.getLoopbackAddress(), 20_000, 7, 1);
    int errors = 0;
    int refused = 0;
    int agreed = 0;
    long begun = System.nanoTime();
    for (int i = 0; i < DESCRIPTIONS; i++) {
      try {
        Sdp offer = Sdp.parse(description());
        RtpStreamParameters parameters = AudioNegotiation.agree(offer);
        byte[] answer = SdpWriter.write(AudioNegotiation.answer(offer, parameters, local));
        // What is answered to damage can be read by everybody.
        assertThat(Sdp.parse(answer).media()).hasSameSizeAs(offer.media());
        agreed++;
      } catch (SdpException e) {
        assertThat(e.getMessage()).hasSizeLessThan(300);
        errors++;
      } catch (NotAcceptableException e) {
        assertThat(e.getMessage()).hasSizeLessThan(300);
        refused++;
      }
    }
    System.out.printf(
        "figure: SDP: %d damaged descriptions: %d agreed, %d refused, %d malformed; %.1f us each%n",
        DESCRIPTIONS, agreed, refused, errors, (System.nanoTime() - begun) / 1e3 / DESCRIPTIONS);
    assertThat(agreed).isPositive();
    assertThat(refused).isPositive();
    assertThat(errors).isPositive();
  }
}
