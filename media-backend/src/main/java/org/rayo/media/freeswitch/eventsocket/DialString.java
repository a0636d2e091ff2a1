package org.rayo.media.freeswitch.eventsocket;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whom {@code originate} calls, and the variables of the new channel: {@code {a=b,c=d}endpoint}.
 * Every value arrives as it was given or is refused with an {@link IllegalArgumentException}.
 *
 * <p>A value passes three splittings in FreeSWITCH (the command's at blanks, the variables' at
 * commas, each variable's at its equals sign) and has a level of quotes for each. There are no
 * quotes for these, which are refused in a value: line breaks and control characters, <code>${
 * </code>, curly brackets that do not match, {@code :_:} (which separates whole dial strings) and a
 * leading {@code ARRAY::}.
 *
 * <p>Immutable.
 */
public final class DialString {

  /** Separates dial strings wherever it stands. */
  private static final String ENTERPRISE = ":_:";

  private static final Pattern ENDPOINT =
      Pattern.compile(
          "[A-Za-z0-9_]+/(?:[A-Za-z0-9/@.:;=+_*#%!?&~()-]|(?<=[/@])\\[[0-9A-Fa-f:.]+])+");

  private final Map<String, String> variables;
  private final String endpoint;

  private DialString(Map<String, String> variables, String endpoint) {
    this.variables = variables;
    this.endpoint = endpoint;
  }

  /**
   * To an endpoint without variables.
   *
   * @param endpoint such as {@code sofia/external/7001@192.0.2.1:5060}, {@code
   *     sofia/gateway/<name>/<number>} or {@code loopback/<extension>/<context>}: letters, digits
   *     and {@code /@.:;=+_*#%!?&~()-}, and an IPv6 address in its brackets
   */
  public static DialString to(String endpoint) {
    if (endpoint.length() > Arguments.LIMIT
        || !ENDPOINT.matcher(endpoint).matches()
        || endpoint.contains(ENTERPRISE)) {
      throw Arguments.refused("endpoint", endpoint, "is not one endpoint of allowed characters");
    }
    return new DialString(Map.of(), endpoint);
  }

  /** With one more variable, or another value of it. */
  public DialString with(String name, String value) {
    Arguments.name("variable", name);
    Arguments.value("variable " + name, value);
    if (value.contains(ENTERPRISE)) {
      throw Arguments.refused("variable " + name, value, "holds " + ENTERPRISE);
    }
    if (!matched(value)) {
      throw Arguments.refused("variable " + name, value, "has curly brackets that do not match");
    }
    Map<String, String> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new DialString(more, endpoint);
  }

  /** With these variables as well. */
  public DialString with(Map<String, String> more) {
    DialString all = this;
    for (Map.Entry<String, String> variable : more.entrySet()) {
      all = all.with(variable.getKey(), variable.getValue());
    }
    return all;
  }

  private static boolean matched(String value) {
    int depth = 0;
    for (int i = 0; i < value.length() && depth >= 0; i++) {
      depth += value.charAt(i) == '{' ? 1 : value.charAt(i) == '}' ? -1 : 0;
    }
    return depth == 0;
  }

  /**
   * Calls and, once it is answered (or rings, as the variables say), runs an application in the new
   * channel: {@code originate <dial string> &<application>(<argument>)}. It takes as long as the
   * called one takes to answer: for {@code bgapi}.
   *
   * @param argument without round brackets; may be empty
   */
  public ApiCommand originate(String application, String argument) {
    Arguments.name("application", application);
    Arguments.text(application + "'s argument", argument);
    if (argument.chars().anyMatch(c -> c == '(' || c == ')')) {
      throw Arguments.refused(application + "'s argument", argument, "holds a round bracket");
    }
    String then = "&" + application + (argument.isEmpty() ? "" : "(" + argument + ")");
    return ApiCommand.ofQuoted("originate", Quoting.quote(text()) + " " + Quoting.quote(then));
  }

  /** Variables and endpoint, with the quotes of all splittings but the command's. */
  String text() {
    if (variables.isEmpty()) {
      return endpoint;
    }
    StringBuilder text = new StringBuilder("{");
    variables.forEach(
        (name, value) ->
            text.append(text.length() > 1 ? "," : "")
                .append(name)
                .append('=')
                .append(Quoting.quote(Quoting.quote(value))));
    return text.append('}').append(endpoint).toString();
  }

  /** As {@code originate} gets it after its own splitting. */
  @Override
  public String toString() {
    return text();
  }
}
