package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiCommandTest {

  private static final String UUID = "ebf2f1cf-eff4-41d4-baad-982c482c7537";

  @Test
  void words_makeALine() {
    assertThat(ApiCommand.of("uuid_kill", UUID, "NORMAL_CLEARING").line())
        .isEqualTo("uuid_kill " + UUID + " NORMAL_CLEARING");
    assertThat(ApiCommand.of("status").line()).isEqualTo("status");
    assertThat(ApiCommand.of("status").name()).isEqualTo("status");
    assertThat(ApiCommand.of("uuid_broadcast", UUID).text("say 'hello there' aleg").line())
        .isEqualTo("uuid_broadcast " + UUID + " say 'hello there' aleg");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a\tb",
        "a\nb",
        "a\rapi shutdown",
        "\n\napi fsctl crash",
        "a\0",
        "a\u0085b",
        "",
        "'a",
        "a\\",
        "${system(id)}",
        "$\\{x}",
        "^^:a",
        "a\u2028b",
        "a\u007f"
      })
  void word_thatIsNoneOrBreaksOut_isRefusedAndNamed(String word) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiCommand.of("uuid_kill", UUID, word))
        .withMessageStartingWith("uuid_kill's argument 2 '")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r\n\r\nb", "\0", "x ${uuid}", "$\\\\{x}", "\u001b[31m"})
  void text_thatBreaksOutOrExpands_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiCommand.of("uuid_broadcast", UUID).text(text))
        .withMessageContaining("uuid_broadcast's last argument");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiCommand.setVariable(UUID, "x", text))
        .withMessageContaining("variable x");
  }

  @Test
  void command_thatIsNoName_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> ApiCommand.of("status\n\nexit"));
    assertThatIllegalArgumentException().isThrownBy(() -> ApiCommand.of("api status"));
    assertThatIllegalArgumentException().isThrownBy(() -> ApiCommand.of(""));
  }

  @Test
  void line_longerThanFreeSwitchReadsAtOnce_isRefused() {
    String half = "x".repeat(Arguments.LIMIT / 2);
    assertThat(ApiCommand.of("echo", half).line()).hasSize(Arguments.LIMIT / 2 + 5);
    assertThatIllegalArgumentException().isThrownBy(() -> ApiCommand.of("echo", half, half));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiCommand.of("echo").text(half + half + "x"))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void variable_withWhatFreeSwitchSplitsAt_isQuoted() {
    assertThat(ApiCommand.setVariable(UUID, "a", "plain@value").line())
        .isEqualTo("uuid_setvar " + UUID + " a plain@value");
    assertThat(ApiCommand.setVariable(UUID, "a", " it's a\\n ").line())
        .isEqualTo("uuid_setvar " + UUID + " a ' it\\'s a\\\\n '");
    assertThat(ApiCommand.setVariable(UUID, "a", "").line())
        .isEqualTo("uuid_setvar " + UUID + " a");
  }

  @Test
  void variables_together_areQuotedEach() {
    Map<String, String> variables = new TreeMap<>();
    variables.put("a", "1;b=2");
    variables.put("c", "it's");
    variables.put("d", "");
    assertThat(ApiCommand.setVariables(UUID, variables).line())
        .isEqualTo("uuid_setvar_multi " + UUID + " a='1;b=2';c='it\\'s';d=");
  }

  @Test
  void variable_ofAnOddName_isRefused() {
    for (String name : new String[] {"a b", "a=b", "a;b", "", "a\nb", "a[0]", "${a}"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ApiCommand.setVariable(UUID, name, "x"))
          .withMessageStartingWith("variable '");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiCommand.setVariable(UUID, "a", "ARRAY::x|:y"));
    assertThatIllegalArgumentException().isThrownBy(() -> ApiCommand.setVariables(UUID, Map.of()));
  }
}
