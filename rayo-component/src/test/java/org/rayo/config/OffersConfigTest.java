package org.rayo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.config.OffersConfig.Mode;

/** What a file says of offers, and of who may be a client. */
final class OffersConfigTest {

  private static final String SECRET = "rayo.xmpp.secret = s\n";

  private static List<String> problems(String text) {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> RayoConfig.loadString(SECRET + text));
    assertThat(thrown).as(text).isNotNull();
    return thrown.problems();
  }

  @Test
  void nothing_isSaid_everybodyIsOfferedEverything() throws Exception {
    RayoConfig config = RayoConfig.loadString(SECRET);
    assertThat(config.offers())
        .isEqualTo(new OffersConfig(Mode.ALL, Duration.ofSeconds(5), List.of()));
    assertThat(config.control().allowedClients()).containsExactly(JidPattern.parse("*"));
    assertThat(config.control().allowedClients().get(0).matches("a@b.example.org/c d")).isTrue();
  }

  @Test
  void rules_leftOutKeys_areThoseOfAllOffers() throws Exception {
    OffersConfig offers =
        RayoConfig.loadString(
                SECRET
                    + """
                    rayo.offers {
                      mode = round-robin
                      timeout = 7s
                      rules = [
                        { to = "sip:sales@*", clients = ["*@sales.example.org", "*@desk.example.org"] }
                        { to = "tel:+49*", clients = ["*"], mode = all, timeout = 0s }
                      ]
                    }
                    """)
            .offers();
    OffersConfig.Rule sales = offers.rules().get(0);
    assertThat(sales.to().matches("SIP:sales@192.0.2.1:5070;user=phone")).isTrue();
    assertThat(sales.to().matches("sip:presales@example.org")).isFalse();
    assertThat(sales.clients())
        .containsExactly(
            JidPattern.parse("*@sales.example.org"), JidPattern.parse("*@desk.example.org"));
    assertThat(sales.mode()).isEqualTo(Mode.ROUND_ROBIN);
    assertThat(sales.timeout()).isEqualTo(Duration.ofSeconds(7));
    OffersConfig.Rule german = offers.rules().get(1);
    assertThat(german.mode()).isEqualTo(Mode.ALL);
    assertThat(german.timeout()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rayo.offers.mode = some | rayo.offers.mode = \"some\": must be all or round-robin",
        "rayo.offers.timeout = 2h | rayo.offers.timeout = \"2h\": must be a duration",
        "rayo.offers.rules = [{ to = \"a\" }] | rayo.offers.rules[0].clients: missing",
        "rayo.offers.rules = [{ to = \"a\", clients = [] }] | rayo.offers.rules[0].clients: must"
            + " name at least one client",
        "rayo.offers.rules = [{ to = \"a b\", clients = [\"*\"] }] | rayo.offers.rules[0].to",
        "rayo.offers.rules = [{ to = \"a\", clients = [\"@\"] }] | rayo.offers.rules[0].clients",
        "rayo.offers.rules = [{ to = \"a\", client = [\"*\"] }] | did you mean clients?",
        "rayo.control.controller-gone = stay | must be grace or hangup or keep",
        "rayo.control.security-zone = all | must be bare-jid or domain",
        "rayo.control.allowed-clients = [\"a b\"] | must be a JID",
        "rayo.control.idle-timeout = 0s | must be a duration"
      })
  void wrong_isNamed(String text, String complaint) {
    assertThat(problems(text)).anySatisfy(problem -> assertThat(problem).contains(complaint));
  }
}
