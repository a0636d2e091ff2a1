package org.rayo.protocol;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.grammar.Grammar;
import org.rayo.grammar.GrammarException;
import org.rayo.grammar.Nlsml;
import org.rayo.protocol.CallCommand.InputCommand;

/**
 * Reads {@code <input/>}. What is only of use for speech is checked and passed over: a key is never
 * in doubt.
 *
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-input">XEP-0327,
 *     input component</a>
 */
final class InputReader {

  static final QName INPUT = QName.get("input", Namespaces.INPUT);
  static final QName GRAMMAR = QName.get("grammar", Namespaces.INPUT);

  static final Map<QName, CommandElementReader> READERS = Map.of(INPUT, (e, dialect) -> command(e));

  /** The most states that the grammars of one input may have together. */
  static final int MOST_STATES = 20_000;

  private static final Set<String> ATTRIBUTES =
      Set.of(
          "mode",
          "terminator",
          "recognizer",
          "language",
          "initial-timeout",
          "inter-digit-timeout",
          "recognition-timeout",
          "max-silence",
          "sensitivity",
          "min-confidence",
          "match-content-type");

  private static final String CPA = "cpa";
  private static final Set<String> MODES = Set.of("any", "dtmf", "voice", CPA);

  private static final Pattern KEY = Pattern.compile("[0-9*#A-Da-d]");
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*");
  private static final Pattern DECIMAL =
      Pattern.compile("\\+?([0-9]{1,9}(\\.[0-9]{0,9})?|\\.[0-9]{1,9})");

  private InputReader() {}

  private static RayoCommand command(Element command) throws CommandRefusedException {
    requireCommon(command, Set.of("any", "dtmf", CPA));
    return mode(command).equals(CPA) ? CpaReader.command(command) : keys(command);
  }

  /** The input of a prompt. */
  static InputCommand input(Element command) throws CommandRefusedException {
    requireCommon(command, Set.of("any", "dtmf"));
    return keys(command);
  }

  private static void requireCommon(Element command, Set<String> modes)
      throws CommandRefusedException {
    ElementRules.allowAttributes(command, ATTRIBUTES);
    ElementRules.allowChildren(command, Set.of(GRAMMAR));
    requireMode(command, modes);
    ElementRules.refuseOption(command, "recognizer");
    requireMatching(command, "language", LANGUAGE, "a language tag such as en-US is allowed");
    requireTerminator(command);
    requireShare(command, "sensitivity");
    requireShare(command, "min-confidence");
    AttributeValues.millis(command, "max-silence");
    requireNlsml(command);
  }

  private static InputCommand keys(Element command) throws CommandRefusedException {
    return new InputCommand(
        grammars(command),
        requireTerminator(command).map(key -> key.toUpperCase(Locale.ROOT).charAt(0)),
        AttributeValues.millis(command, "initial-timeout"),
        AttributeValues.millis(command, "inter-digit-timeout"),
        AttributeValues.millis(command, "recognition-timeout"));
  }

  private static String mode(Element command) {
    return ElementRules.attribute(command, "mode").orElse("any").strip();
  }

  private static void requireMode(Element command, Set<String> implemented)
      throws CommandRefusedException {
    String mode = mode(command);
    if (!MODES.contains(mode)) {
      throw AttributeValues.bad(command, "mode", "any, dtmf, voice and cpa are allowed");
    }
    if (!implemented.contains(mode)) {
      throw new CommandRefusedException(
          StanzaError.optionNotImplemented(
              "mode is '"
                  + mode
                  + "', which is not implemented"
                  + (mode.equals(CPA) ? " in a prompt" : "")
                  + "; implemented are: "
                  + String.join(", ", implemented.stream().sorted().toList())));
    }
  }

  private static Optional<String> requireTerminator(Element command)
      throws CommandRefusedException {
    return requireMatching(command, "terminator", KEY, "one of the keys 0-9 * # A-D is allowed");
  }

  private static Optional<String> requireMatching(
      Element command, String name, Pattern pattern, String allowed)
      throws CommandRefusedException {
    Optional<String> written = ElementRules.attribute(command, name).map(String::strip);
    if (written.isPresent() && !pattern.matcher(written.orElseThrow()).matches()) {
      throw AttributeValues.bad(command, name, allowed);
    }
    return written;
  }

  private static void requireShare(Element command, String name) throws CommandRefusedException {
    String allowed = "a decimal from 0 to 1 is allowed";
    Optional<String> written = requireMatching(command, name, DECIMAL, allowed);
    if (written.isPresent()
        && new BigDecimal(written.orElseThrow()).compareTo(BigDecimal.ONE) > 0) {
      throw AttributeValues.bad(command, name, allowed);
    }
  }

  /** Whether a decimal that has been checked is this one, which it is when it is left out. */
  static boolean isShare(Element command, String name, String byDefault) {
    return ElementRules.attribute(command, name)
        .map(written -> new BigDecimal(written.strip()).compareTo(new BigDecimal(byDefault)) == 0)
        .orElse(true);
  }

  private static void requireNlsml(Element command) throws CommandRefusedException {
    Optional<String> type = ElementRules.attribute(command, "match-content-type");
    if (type.isPresent() && !type.orElseThrow().strip().equalsIgnoreCase(Nlsml.CONTENT_TYPE)) {
      throw new CommandRefusedException(
          StanzaError.optionNotImplemented(
              "match-content-type is "
                  + XmlText.quote(type.orElseThrow())
                  + ", which is not implemented; implemented is: "
                  + Nlsml.CONTENT_TYPE));
    }
  }

  private static List<InputGrammar> grammars(Element command) throws CommandRefusedException {
    List<InputGrammar> grammars = new ArrayList<>();
    int states = 0;
    for (Element element : command.elements(GRAMMAR)) {
      InputGrammar grammar = grammar(EmbeddedText.read(element));
      states += grammar.grammar().states();
      if (states > MOST_STATES) {
        throw new CommandRefusedException(
            StanzaError.optionNotImplemented(
                "the grammars of an input have more than "
                    + MOST_STATES
                    + " states together, which is not implemented"));
      }
      grammars.add(grammar);
    }
    if (grammars.isEmpty()) {
      throw ElementRules.badRequest("input has no grammar; at least one is required");
    }
    return grammars;
  }

  private static InputGrammar grammar(EmbeddedText read) throws CommandRefusedException {
    try {
      if (read.url().isEmpty()) {
        String contentType = read.contentType().orElseThrow();
        return new InputGrammar(
            read.url(),
            read.contentType(),
            read.text(),
            Grammar.parse("", contentType, read.text().orElseThrow()));
      }
      String url = read.url().orElseThrow().strip();
      requireBuiltin(url);
      return new InputGrammar(
          Optional.of(url), read.contentType(), read.text(), Grammar.builtin(url));
    } catch (GrammarException bad) {
      throw refused(bad);
    }
  }

  private static void requireBuiltin(String url) throws CommandRefusedException {
    try {
      if ("builtin".equals(new URI(url).getScheme())) {
        return;
      }
    } catch (URISyntaxException notOne) {
      throw ElementRules.badRequest("the url of a grammar is " + XmlText.quote(url) + ", no URI");
    }
    throw new CommandRefusedException(
        StanzaError.optionNotImplemented(
            "the url of a grammar is "
                + XmlText.quote(url)
                + ", which is not implemented; implemented are builtin: URIs, and grammars in the"
                + " input itself"));
  }

  private static CommandRefusedException refused(GrammarException bad) {
    String text = String.valueOf(bad.getMessage());
    return new CommandRefusedException(
        switch (bad.fault()) {
          case MALFORMED -> StanzaError.badRequest(text);
          case UNSUPPORTED -> StanzaError.optionNotImplemented(text);
        });
  }
}
