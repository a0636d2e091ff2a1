package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.DialRequest;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.rayo.media.sip.SipRoute;

class DialingTest {

  private final Dialing dialing =
      new Dialing(
          new FreeSwitchSettings.Dialing(
              "external",
              List.of(
                  new SipRoute("tel:+49*", "carrier", "+", "00"),
                  new SipRoute("sip:*@pbx.example.org", "pbx", "", "")),
              List.of("192.0.2.0/24", "*.example.net", "2001:db8::/32"),
              Optional.of("sip:reception@example.org")));

  private String command(String to, Header... headers) throws MediaException {
    return dialing
        .originate(
            new DialRequest(URI.create(to), Optional.empty(), List.of(headers), Optional.empty()),
            "u-1",
            Duration.ofSeconds(20))
        .line();
  }

  private MediaException refusal(String to, Header... headers) {
    MediaException refusal = catchThrowableOfType(MediaException.class, () -> command(to, headers));
    assertThat(refusal).as(to).isNotNull();
    return refusal;
  }

  @ParameterizedTest
  @CsvSource({
    "tel:+49-30-123, sofia/gateway/carrier/004930123",
    "sip:bob@pbx.example.org, sofia/gateway/pbx/bob",
    "sip:bob@192.0.2.9:5070, sofia/external/bob@192.0.2.9:5070",
    "sip:bob@a.example.net;transport=tcp;maddr=198.51.100.1, sofia/external/bob@a.example.net;transport=tcp",
    "sip:bob@[2001:db8::7], sofia/external/bob@[2001:db8::7]"
  })
  void originate_address_becomesAnEndpoint(String to, String endpoint) throws Exception {
    assertThat(command(to)).contains("}" + endpoint);
  }

  @Test
  void originate_callerAndHeaders_areVariables() throws Exception {
    assertThat(command("sip:bob@192.0.2.9", new Header("X-Ref", "a,b 'c'")))
        .startsWith("originate ")
        .contains("origination_uuid=u-1")
        .contains("originate_timeout=25")
        .contains("origination_caller_id_number=reception")
        .contains("sip_h_X-Ref=")
        .endsWith("&park");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tel:+1202555",
        "tel:+49${hostname}",
        "sip:bob@198.51.100.1",
        "sip:bob@example.org",
        "sips:bob@192.0.2.9",
        "sip:bob@192.0.2.9;transport=ws",
        "sip:bob%7D,a=b%7B@192.0.2.9@evil.example.net",
        "mailto:bob@example.net",
        "sip:192.0.2.9%20park"
      })
  void originate_whatMayNotBeCalled_isRefused(String to) {
    String escaped = to.replace("$", "%24").replace("{", "%7B").replace("}", "%7D");
    assertThat(refusal(escaped).fault()).as(to).isEqualTo(MediaException.Fault.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${system(reboot)}", "a:_:b", "}sofia/external/x", "ARRAY::a|:b"})
  void originate_headerThatFreeSwitchWouldInterpret_isRefused(String value) {
    assertThat(refusal("sip:bob@192.0.2.9", new Header("X-Ref", value)).fault())
        .isEqualTo(MediaException.Fault.REFUSED);
  }

  @Test
  void originate_headerOfTheMachinery_isUnsupported() {
    assertThat(refusal("sip:bob@192.0.2.9", new Header("Via", "x")).fault())
        .isEqualTo(MediaException.Fault.UNSUPPORTED);
    assertThat(refusal("sip:bob@192.0.2.9", new Header("X'a", "x")).fault())
        .isEqualTo(MediaException.Fault.UNSUPPORTED);
  }

  @Test
  void originate_refusal_saysWhatMayBeCalled() {
    assertThat(refusal("tel:+1202555"))
        .hasMessageContaining("tel:+49*")
        .hasMessageContaining("*.example.net");
  }
}
