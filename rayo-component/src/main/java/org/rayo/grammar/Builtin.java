package org.rayo.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The grammars that are known by name. */
final class Builtin {
  private static final int MOST_DIGITS = 1000;

  private final String uri;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  private Builtin(String uri) {
    this.uri = uri;
  }

  static Grammar read(String uri) throws GrammarException {
    return new Builtin(uri).read();
  }

  private Grammar read() throws GrammarException {
    int query = uri.indexOf('?');
    String name = query < 0 ? uri : uri.substring(0, query);
    if (query >= 0) {
      parameters(uri.substring(query + 1));
    }
    Expression root = expression(named(name));
    if (!parameters.isEmpty()) {
      throw GrammarException.malformed(
          GrammarException.quoted(uri) + " has parameters it does not know: " + unknown());
    }
    return Grammar.compiled(uri, root, Map.of());
  }

  private String unknown() {
    return GrammarException.quoted(String.join(", ", parameters.keySet()));
  }

  private String named(String name) throws GrammarException {
    for (String prefix : List.of("builtin:dtmf/", "builtin:grammar/")) {
      if (name.startsWith(prefix)) {
        return name.substring(prefix.length());
      }
    }
    throw GrammarException.unsupported(
        "the grammar "
            + GrammarException.quoted(uri)
            + " is not supported: allowed are builtin:dtmf/… and builtin:grammar/…");
  }

  private void parameters(String query) throws GrammarException {
    for (String parameter : query.split("[;&]", -1)) {
      if (parameter.isBlank()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      if (equals < 1 || parameters.size() == 16) {
        throw GrammarException.malformed(
            GrammarException.quoted(uri) + " must have parameters of the form name=value");
      }
      parameters.put(
          parameter.substring(0, equals).strip(), parameter.substring(equals + 1).strip());
    }
  }

  private Expression expression(String name) throws GrammarException {
    return switch (name) {
      case "digits" -> digits();
      case "boolean" -> yesOrNo();
      // An extension may follow, behind a star.
      case "phone" -> all(digits(1, -1), maybe(key('*'), digits(1, -1)));
      // A star is the decimal point.
      case "number", "currency" ->
          any(
              all(digits(1, -1), maybe(key('*'), digits(0, name.equals("number") ? -1 : 2))),
              all(key('*'), digits(1, name.equals("number") ? -1 : 2)));
      case "date" -> digits(8, 8);
      case "time" -> digits(4, 4);
      default ->
          throw GrammarException.unsupported(
              "there is no builtin grammar "
                  + GrammarException.quoted(name)
                  + ": there are digits, boolean, phone, number, currency, date and time");
    };
  }

  private Expression digits() throws GrammarException {
    if (parameters.containsKey("length")) {
      int length = count("length", 1);
      return digits(length, length);
    }
    int least = count("minlength", 1);
    int most = parameters.containsKey("maxlength") ? count("maxlength", 1) : -1;
    if (most >= 0 && most < least) {
      throw GrammarException.malformed(
          GrammarException.quoted(uri) + " has a maxlength below its minlength");
    }
    return digits(least, most);
  }

  private int count(String parameter, int otherwise) throws GrammarException {
    String value = parameters.remove(parameter);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("[0-9]{1,4}")
        || Integer.parseInt(value) < 1
        || Integer.parseInt(value) > MOST_DIGITS) {
      throw GrammarException.malformed(
          parameter + " must be 1 to " + MOST_DIGITS + ", not " + GrammarException.quoted(value));
    }
    return Integer.parseInt(value);
  }

  private Expression yesOrNo() throws GrammarException {
    int yes = keyOf("y", '1');
    int no = keyOf("n", '2');
    if (yes == no) {
      throw GrammarException.malformed(
          GrammarException.quoted(uri) + " has the same key for yes and no");
    }
    return any(
        all(new Expression.Key(yes), new Expression.Tag("true")),
        all(new Expression.Key(no), new Expression.Tag("false")));
  }

  private int keyOf(String parameter, char otherwise) throws GrammarException {
    String value = parameters.remove(parameter);
    if (value == null) {
      return Keys.bit(otherwise);
    }
    int key = Keys.ofToken(value);
    if (key == 0) {
      throw GrammarException.malformed(
          parameter + " must be one of 0-9 * # A-D, not " + GrammarException.quoted(value));
    }
    return key;
  }

  private static Expression digits(int least, int most) {
    return new Expression.Repeat(new Expression.Key(Keys.DIGITS), least, most);
  }

  private static Expression key(char key) {
    return new Expression.Key(Keys.bit(key));
  }

  private static Expression all(Expression... parts) {
    return new Expression.Sequence(List.of(parts));
  }

  private static Expression any(Expression... alternatives) {
    return new Expression.Choice(List.of(alternatives));
  }

  private static Expression maybe(Expression... parts) {
    return new Expression.Repeat(new Expression.Sequence(new ArrayList<>(List.of(parts))), 0, 1);
  }
}
