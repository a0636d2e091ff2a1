package org.rayo.testkit.freeswitch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The argument of {@code originate}: {@code {name=value,…}url &app(argument)}.
 *
 * @param url as sofia/external/user@host:port
 */
record DialString(Map<String, String> variables, String url, String app, String argument) {

  private static final Pattern APP = Pattern.compile("&(\\w+)(?:\\((.*)\\))?.*", Pattern.DOTALL);

  /** Empty if it is not such an argument. */
  static Optional<DialString> parse(String text) {
    Map<String, String> variables = new LinkedHashMap<>();
    String rest = text.strip();
    while (rest.startsWith("{")) {
      int end = end(rest);
      if (end < 0) {
        return Optional.empty();
      }
      variables.putAll(variables(rest.substring(1, end)));
      rest = rest.substring(end + 1).strip();
    }
    int space = rest.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    Matcher app = APP.matcher(rest.substring(space + 1).strip());
    if (!app.matches()) {
      return Optional.empty();
    }
    String argument = Optional.ofNullable(app.group(2)).orElse("");
    return Optional.of(new DialString(variables, rest.substring(0, space), app.group(1), argument));
  }

  private static int end(String text) {
    boolean quoted = false;
    for (int i = 1; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '\\') {
        i++;
      } else if (letter == '\'') {
        quoted = !quoted;
      } else if (letter == '}' && !quoted) {
        return i;
      }
    }
    return -1;
  }

  /** Separated by commas, or by what {@code ^^} names first; quotes and backslashes protect. */
  private static Map<String, String> variables(String text) {
    char separator = ',';
    String list = text;
    if (text.startsWith("^^") && text.length() > 2) {
      separator = text.charAt(2);
      list = text.substring(3);
    }
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char letter = list.charAt(i);
      if (letter == '\\' && i + 1 < list.length()) {
        part.append(list.charAt(++i));
      } else if (letter == '\'') {
        quoted = !quoted;
      } else if (letter == separator && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(letter);
      }
    }
    parts.add(part.toString());
    Map<String, String> variables = new LinkedHashMap<>();
    for (String pair : parts) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        variables.put(pair.substring(0, equals).strip(), pair.substring(equals + 1));
      }
    }
    return variables;
  }
}
