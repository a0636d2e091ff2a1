package org.rayo.protocol;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.dom4j.Element;
import org.rayo.protocol.CallCommand.CpaCommand;

/**
 * Reads {@code <input mode='cpa'/>}. A signal or parameter that we do not have is {@code
 * feature-not-implemented}, as the XEP demands; so is an option that only inputs of keys or words
 * have.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0341.html#session">XEP-0341, session flow</a>
 */
final class CpaReader {

  /** A signal's URN, and what may follow it. */
  private static final Pattern URL =
      Pattern.compile("(urn:xmpp:rayo:cpa:[a-z0-9-]+:[0-9]+)(?:\\?(.*))?", Pattern.DOTALL);

  private static final Pattern PARAMETER = Pattern.compile("([A-Za-z][A-Za-z0-9-]*)=([^;=]*)");
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,9}");

  private static final String TERMINATE = "terminate";
  private static final String MAX_TIME = "maxTime";
  private static final String MIN_SPEECH = "minSpeechDuration";

  private CpaReader() {}

  /** The command, of which what all inputs have in common has been checked. */
  static CpaCommand command(Element command) throws CommandRefusedException {
    refuse("terminator", ElementRules.attribute(command, "terminator").isPresent());
    for (String time : List.of("inter-digit-timeout", "recognition-timeout", "max-silence")) {
      refuse(time, AttributeValues.millis(command, time).isPresent());
    }
    // At their defaults these ask for nothing.
    refuse("sensitivity", !InputReader.isShare(command, "sensitivity", "0.5"));
    refuse("min-confidence", !InputReader.isShare(command, "min-confidence", "0"));
    return new CpaCommand(grammars(command), AttributeValues.millis(command, "initial-timeout"));
  }

  private static void refuse(String name, boolean isThere) throws CommandRefusedException {
    if (isThere) {
      throw notImplemented("with mode 'cpa' " + name + " is not implemented; leave it out");
    }
  }

  private static List<CpaGrammar> grammars(Element command) throws CommandRefusedException {
    List<CpaGrammar> grammars = new ArrayList<>();
    Set<SignalType> types = EnumSet.noneOf(SignalType.class);
    for (Element element : command.elements(InputReader.GRAMMAR)) {
      EmbeddedText read = EmbeddedText.read(element);
      if (read.url().isEmpty()) {
        throw ElementRules.badRequest(
            "with mode 'cpa' a grammar has a url, a signal's URN, and no text");
      }
      CpaGrammar grammar = grammar(read.url().orElseThrow().strip());
      if (!types.add(grammar.type())) {
        throw ElementRules.badRequest(
            "two grammars ask for " + grammar.type().urn() + "; one is allowed");
      }
      grammars.add(grammar);
    }
    if (grammars.isEmpty()) {
      throw ElementRules.badRequest("input has no grammar; at least one is required");
    }
    return grammars;
  }

  private static CpaGrammar grammar(String url) throws CommandRefusedException {
    var written = URL.matcher(url);
    if (!written.matches()) {
      throw ElementRules.badRequest(
          "the url of a grammar is "
              + XmlText.quote(url)
              + "; with mode 'cpa' a signal's URN is allowed, with parameters as in"
              + " urn:xmpp:rayo:cpa:dtmf:1?terminate=true");
    }
    Optional<SignalType> type =
        SignalType.ofUrn(written.group(1)).filter(known -> !known.kinds().isEmpty());
    if (type.isEmpty()) {
      throw notImplemented(
          "the signal "
              + XmlText.quote(written.group(1))
              + " is not implemented; implemented are: "
              + SignalType.implemented());
    }
    Map<String, String> parameters = parameters(Optional.ofNullable(written.group(2)).orElse(""));
    Set<String> allowed =
        type.orElseThrow() == SignalType.SPEECH
            ? Set.of(TERMINATE, MAX_TIME, MIN_SPEECH)
            : Set.of(TERMINATE);
    for (String name : parameters.keySet()) {
      if (!allowed.contains(name)) {
        throw notImplemented(
            "the parameter "
                + XmlText.quote(name)
                + " of "
                + type.orElseThrow().urn()
                + " is not implemented; implemented are: "
                + String.join(", ", allowed.stream().sorted().toList()));
      }
    }
    return new CpaGrammar(
        url,
        type.orElseThrow(),
        terminate(parameters),
        millis(parameters, MAX_TIME),
        millis(parameters, MIN_SPEECH).orElse(0));
  }

  private static Map<String, String> parameters(String query) throws CommandRefusedException {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query.isEmpty()) {
      return parameters;
    }
    for (String part : query.split(";", -1)) {
      var parameter = PARAMETER.matcher(part);
      if (!parameter.matches()) {
        throw ElementRules.badRequest(
            "a grammar's url has the parameter "
                + XmlText.quote(part)
                + "; name=value is allowed, with ; between them");
      }
      if (parameters.put(parameter.group(1), parameter.group(2)) != null) {
        throw ElementRules.badRequest(
            "a grammar's url has the parameter "
                + XmlText.quote(parameter.group(1))
                + " twice; once is allowed");
      }
    }
    return parameters;
  }

  private static boolean terminate(Map<String, String> parameters) throws CommandRefusedException {
    String written = parameters.getOrDefault(TERMINATE, "false");
    return switch (written) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(TERMINATE, written, "true and false are allowed");
    };
  }

  private static OptionalLong millis(Map<String, String> parameters, String name)
      throws CommandRefusedException {
    Optional<String> written = Optional.ofNullable(parameters.get(name));
    if (written.isEmpty()) {
      return OptionalLong.empty();
    }
    String value = written.orElseThrow();
    if (!MILLIS.matcher(value).matches() || Long.parseLong(value) == 0) {
      throw bad(name, value, "1 to 999999999 milliseconds are allowed");
    }
    return OptionalLong.of(Long.parseLong(value));
  }

  private static CommandRefusedException bad(String name, String written, String allowed) {
    return ElementRules.badRequest(
        "the parameter " + name + " is " + XmlText.quote(written) + "; " + allowed);
  }

  private static CommandRefusedException notImplemented(String text) {
    return new CommandRefusedException(StanzaError.optionNotImplemented(text));
  }
}
