package org.rayo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.sip.DialPlan;
import org.rayo.media.sip.SipGateway;
import org.rayo.media.sip.SipRoute;

final class DialConfigTest {

  private static final String SECRET = "rayo.xmpp.secret = tell-nobody\n";
  private static final String SIP = "rayo.media.embedded.sip.";

  private static DialConfig read(String text) throws Exception {
    return RayoConfig.loadString(SECRET + text).media().embedded().sip().dial();
  }

  @Test
  void nothingConfigured_nobodyIsCalled() throws Exception {
    assertThat(read("").plan()).isEqualTo(DialPlan.NONE);
  }

  @Test
  void gatewaysRoutesAndDestinations_reachTheEndpointInTheirOrder() throws Exception {
    DialConfig dial =
        read(
            """
            rayo.media.embedded.sip {
              gateways {
                carrier { host = "sip.example.net", user = "4930", password = hush-hush, \
            realm = "r", from = "tel:+4930" }
                pbx { host = "192.0.2.7", port = 5070, transport = tcp }
              }
              routes = [
                { to = "tel:+49*", gateway = carrier, strip = "+", prefix = "00" }
                { to = "sip:*@example.org", gateway = pbx }
              ]
              allowed-destinations = ["192.0.2.0/24", "*.example.org"]
            }
            """
                .replace("\\\n", ""));
    DialPlan plan = dial.plan();
    assertThat(plan.gateways())
        .containsExactly(
            new SipGateway(
                "carrier",
                "sip.example.net",
                5060,
                SipGateway.Transport.UDP,
                Optional.of(new SipGateway.Credentials("4930", "hush-hush", Optional.of("r"))),
                Optional.of(URI.create("tel:+4930"))),
            new SipGateway(
                "pbx",
                "192.0.2.7",
                5070,
                SipGateway.Transport.TCP,
                Optional.empty(),
                Optional.empty()));
    assertThat(plan.routes())
        .containsExactly(
            new SipRoute("tel:+49*", "carrier", "+", "00"),
            new SipRoute("sip:*@example.org", "pbx", "", ""));
    assertThat(plan.direct()).isEqualTo(List.of("192.0.2.0/24", "*.example.org"));
    assertThat(dial.toString() + plan).doesNotContain("hush-hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateways { a { } } | gateways.a.host: missing",
        "gateways { a { host = x, pasword = hush-hush } } | did you mean password?",
        "gateways { a { host = x, transport = tls } } | udp or tcp",
        "gateways { a { host = x, port = 0 } } | from 1 to 65535",
        "gateways { a { host = x, from = \"xmpp:a@b\" } } | a sip: or tel: address",
        "gateways { a = x } | must be a block",
        "routes = [{ to = \"tel:*\", gateway = b }] | the name of one of the gateways",
        "routes = [{ to = \"mailto:*\", gateway = b }] | is no pattern such as",
        "routes = [{ to = \"tel:*\" }] | routes[0].gateway: missing",
        "routes = [{ to = \"tel:*\", gateway = b, srip = 1 }] | did you mean strip?",
        "allowed-destinations = [\"sip:a@b\"] | a host name as in"
      })
  void whatIsWrong_isNamed(String text, String complaint) {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> read(SIP + text + "\n"));
    assertThat(thrown).as(text).isNotNull();
    assertThat(String.join("\n", thrown.problems()))
        .contains(complaint)
        .doesNotContain("hush-hush");
  }
}
