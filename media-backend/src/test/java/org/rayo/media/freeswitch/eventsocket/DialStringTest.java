package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DialStringTest {

  private static final DialString TO = DialString.to("sofia/external/7001@127.0.0.1:5060");

  @Test
  void plainVariables_needNoQuotes() {
    assertThat(
            TO.with("origination_uuid", "1-2")
                .with("ignore_early_media", "true")
                .originate("park", "")
                .line())
        .isEqualTo(
            "originate '{origination_uuid=1-2,ignore_early_media=true}"
                + "sofia/external/7001@127.0.0.1:5060' &park");
  }

  @Test
  void application_withBlanks_isOneArgument() {
    assertThat(TO.originate("native_eavesdrop", "1-2 read").line())
        .isEqualTo("originate sofia/external/7001@127.0.0.1:5060 '&native_eavesdrop(1-2 read)'");
  }

  @Test
  void value_withSeparators_hasALevelOfQuotesForEachSplitting() {
    assertThat(TO.with("a", "x,y").toString())
        .isEqualTo("{a='\\'x,y\\''}sofia/external/7001@127.0.0.1:5060");
    assertThat(TO.with(Map.of("a", "")).toString())
        .isEqualTo("{a='\\'\\''}sofia/external/7001@127.0.0.1:5060");
  }

  @Test
  void sameVariable_twice_isTheLast() {
    assertThat(TO.with("a", "1").with("a", "2").toString()).startsWith("{a=2}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\r\n\r\napi shutdown",
        "\0",
        "${system(id)}",
        "x$\\{y}",
        "}",
        "{",
        "}{",
        "a:_:b",
        "ARRAY::a|:b",
        " ARRAY::a",
        "\u0085"
      })
  void value_thatNoQuotesKeep_isRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TO.with("sip_h_X-Note", value))
        .withMessageStartingWith("variable sip_h_X-Note '");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a=b", "a,b", "", "a'b", "^^a", "a\nb", "a[1]", "a{b}"})
  void name_thatIsNone_isRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> TO.with(name, "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sofia/external/1@h|sofia/external/2@h",
        "sofia/external/1@h,sofia/external/2@h",
        "sofia/external/1 2",
        "{a=b}sofia/external/1",
        "[a=b]sofia/external/1",
        "<a=b>sofia/x/1",
        "sofia/external/'1'",
        "sofia/external/1\n",
        "sofia/external/1^2",
        "sofia/external/${x}",
        "sofia/external/1:_:sofia/external/2",
        "sofia/external/1\\2",
        "sofia/external/[a=b]1",
        "error",
        "",
        "/x",
        "sofia/",
        "sofia/external/é",
        "sofia/external/\"x\"<sip:1@h>"
      })
  void endpoint_thatIsMoreThanOne_isRefused(String endpoint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DialString.to(endpoint))
        .withMessageStartingWith("endpoint '");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sofia/gateway/carrier-1/+49301234567",
        "loopback/park/public",
        "user/1000@example.org",
        "sofia/external/a.b_c*#%20@[2001:db8::1]:5060;transport=tcp",
        "null/x"
      })
  void endpoint_thatIsOne_isTaken(String endpoint) {
    assertThat(DialString.to(endpoint).toString()).isEqualTo(endpoint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-2)", "(x", "a\nb", "${x}"})
  void applicationsArgument_thatBreaksOut_isRefused(String argument) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TO.originate("eavesdrop", argument))
        .withMessageStartingWith("eavesdrop's argument '");
  }
}
