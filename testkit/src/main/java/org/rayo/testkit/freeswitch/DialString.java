package org.rayo.testkit.freeswitch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The argument of {@code originate}: {@code {name=value,…}url &app(argument)}.
 *
 * @param url as sofia/external/user@host:port
 */
record DialString(Map<String, String> variables, String url, String app, String argument) {

  /** Empty if it is not such an argument. */
  static Optional<DialString> parse(String text) {
    List<String> words = Splitting.split(text.strip(), ' ', 10);
    if (words.size() < 2 || words.size() > 7 || !words.get(1).startsWith("&")) {
      return Optional.empty();
    }
    Map<String, String> variables = new LinkedHashMap<>();
    String url = words.get(0);
    while (url.startsWith("{")) {
      int end = end(url);
      if (end < 0) {
        return Optional.empty();
      }
      variables.putAll(variables(url.substring(1, end)));
      url = url.substring(end + 1).strip();
    }
    String app = words.get(1).substring(1).split("\\)", 2)[0];
    int bracket = app.indexOf('(');
    return Optional.of(
        new DialString(
            variables,
            url,
            bracket < 0 ? app : app.substring(0, bracket),
            bracket < 0 ? "" : app.substring(bracket + 1)));
  }

  /** What stands between curly brackets. */
  static Map<String, String> variables(String text) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String pair : Splitting.split(text, ',', 1024)) {
      List<String> parts = Splitting.split(pair, '=', 2);
      if (parts.size() == 2) {
        variables.put(parts.get(0), parts.get(1));
      }
    }
    return variables;
  }

  /** Where the bracket that begins the text is closed, or -1. */
  private static int end(String text) {
    int depth = 0;
    for (int at = 0; at < text.length(); at++) {
      depth += text.charAt(at) == '{' ? 1 : text.charAt(at) == '}' ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    return -1;
  }
}
