package org.rayo.testkit.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequiresPeerConditionTest {

  @Test
  void decide_programThere_runs() {
    assertThat(RequiresPeerCondition.decide("t", List.of("sh"), true).isDisabled()).isFalse();
  }

  @Test
  void decide_programMissing_skipsWithReason() {
    var result = RequiresPeerCondition.decide("t", List.of("sh", "no-such-program"), false);
    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason())
        .hasValueSatisfying(r -> assertThat(r).contains("no-such-program"));
  }

  @Test
  void decide_programMissingButRequired_fails() {
    assertThatThrownBy(() -> RequiresPeerCondition.decide("t", List.of("no-such-program"), true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no-such-program");
  }
}
