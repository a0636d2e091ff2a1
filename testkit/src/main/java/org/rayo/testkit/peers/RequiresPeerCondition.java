package org.rayo.testkit.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides for {@link RequiresPeer}. */
final class RequiresPeerCondition implements ExecutionCondition {

  private static final String VARIABLE = "RAYO_PEERS";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> wanted =
        context
            .getElement()
            .flatMap(element -> Optional.ofNullable(element.getAnnotation(RequiresPeer.class)))
            .map(annotation -> Arrays.asList(annotation.value()))
            .orElse(List.of());
    boolean required = "required".equals(System.getenv(VARIABLE));
    ConditionEvaluationResult result = decide(context.getDisplayName(), wanted, required);
    if (result.isDisabled()) {
      System.out.println("SKIPPED " + result.getReason().orElse(""));
    }
    return result;
  }

  /**
   * Whether a test that wants these programs may run.
   *
   * @throws IllegalStateException if one is missing and {@code required}
   */
  static ConditionEvaluationResult decide(String test, List<String> wanted, boolean required) {
    List<String> missing =
        wanted.stream().filter(program -> Programs.find(program).isEmpty()).toList();
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("installed: " + wanted);
    }
    String reason =
        test + ": not installed: " + String.join(", ", missing) + " (see scripts/install-peers)";
    if (required) {
      throw new IllegalStateException(reason + ", but " + VARIABLE + "=required");
    }
    return ConditionEvaluationResult.disabled(reason);
  }
}
