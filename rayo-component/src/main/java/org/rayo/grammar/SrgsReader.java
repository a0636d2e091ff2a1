package org.rayo.grammar;

import com.fasterxml.aalto.UncheckedStreamException;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the XML form of SRGS. Refused are document types and entities, elements nested more than
 * {@value #DEEPEST} deep, voice grammars and references to other documents. Elements of other
 * namespaces, {@code meta}, {@code metadata}, {@code lexicon} and {@code example} are passed over;
 * weights and probabilities are not looked at, for a key is never in doubt.
 */
final class SrgsReader {
  private static final String NAMESPACE = "http://www.w3.org/2001/06/grammar";
  private static final int DEEPEST = 64;
  private static final InputFactoryImpl FACTORY = newFactory();

  private final XMLStreamReader xml;
  private final Map<String, Expression> rules = new LinkedHashMap<>();
  private final List<String> publicRules = new ArrayList<>();
  private int depth;

  private SrgsReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  private static InputFactoryImpl newFactory() {
    InputFactoryImpl factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    return factory;
  }

  static Grammar read(String name, String text) throws GrammarException {
    try {
      XMLStreamReader xml = FACTORY.createXMLStreamReader(new StringReader(text.strip()));
      try {
        return new SrgsReader(xml).document(name);
      } finally {
        xml.close();
      }
    } catch (XMLStreamException | UncheckedStreamException e) { // text is read when asked for
      throw GrammarException.malformed("the grammar is not well-formed XML: " + firstLine(e));
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).split("\n", 2)[0];
  }

  private Grammar document(String name) throws XMLStreamException, GrammarException {
    while (next() != XMLStreamConstants.START_ELEMENT) {
      // Comments and white space may come before the root.
    }
    if (!isSrgs() || !xml.getLocalName().equals("grammar")) {
      throw GrammarException.malformed(
          "the root element must be <grammar xmlns='" + NAMESPACE + "'>");
    }
    if (!attribute("version", "1.0").equals("1.0")) {
      throw GrammarException.malformed(
          "version must be 1.0, not " + GrammarException.quoted(attribute("version", "")));
    }
    String mode = attribute("mode", "voice");
    if (mode.equals("voice")) {
      throw GrammarException.unsupported(
          "voice grammars are not supported, only those with mode='dtmf'");
    }
    if (!mode.equals("dtmf")) {
      throw GrammarException.malformed(
          "mode must be voice or dtmf, not " + GrammarException.quoted(mode));
    }
    String root = attribute("root", "");
    rules();
    while (next() != XMLStreamConstants.END_DOCUMENT) {
      // Nothing but comments is well-formed here.
    }
    return Grammar.compiled(name, new Expression.Reference(rootOf(root)), rules);
  }

  private String rootOf(String named) throws GrammarException {
    if (!named.isEmpty()) {
      return named;
    }
    // SRGS wants a root; an example of the XEP has none, but one rule that others may refer to.
    Collection<String> candidates = publicRules.isEmpty() ? rules.keySet() : publicRules;
    if (candidates.size() != 1) {
      throw GrammarException.malformed(
          "the grammar names no root rule, and has not just one public rule");
    }
    return candidates.iterator().next();
  }

  private void rules() throws XMLStreamException, GrammarException {
    for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (!isSrgs() || isSilent() || xml.getLocalName().equals("tag")) {
          skip();
        } else if (xml.getLocalName().equals("rule")) {
          rule();
        } else {
          throw unexpected("grammar");
        }
      } else if (!isBlank(event)) {
        throw GrammarException.malformed("there is text outside the rules");
      }
    }
  }

  private void rule() throws XMLStreamException, GrammarException {
    String id = attribute("id", "");
    if (id.isEmpty()) {
      throw GrammarException.malformed("a rule has no id");
    }
    String scope = attribute("scope", "private");
    if (scope.equals("public")) {
      publicRules.add(id);
    } else if (!scope.equals("private")) {
      throw GrammarException.malformed(
          "scope of a rule must be public or private, not " + GrammarException.quoted(scope));
    }
    Expression content = content("rule");
    if (rules.put(id, content) != null) {
      throw GrammarException.malformed(
          "there are two rules " + GrammarException.quoted(id) + " in the grammar");
    }
  }

  /** What is in a rule or an item, up to its end. */
  private Expression content(String of) throws XMLStreamException, GrammarException {
    List<Expression> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        tokens(text, parts);
        if (!isSrgs() || isSilent()) {
          skip();
        } else {
          parts.add(element(of));
        }
      } else if (isText(event)) {
        text.append(xml.getText());
      }
    }
    tokens(text, parts);
    return parts.size() == 1 ? parts.get(0) : new Expression.Sequence(parts);
  }

  private Expression element(String within) throws XMLStreamException, GrammarException {
    return switch (xml.getLocalName()) {
      case "item" -> item();
      case "one-of" -> oneOf();
      case "ruleref" -> reference();
      case "tag" -> new Expression.Tag(text().strip());
      case "token" -> {
        List<Expression> parts = new ArrayList<>();
        tokens(new StringBuilder(text()), parts);
        yield new Expression.Sequence(parts);
      }
      default -> throw unexpected(within);
    };
  }

  private Expression item() throws XMLStreamException, GrammarException {
    String repeat = attribute("repeat", "1").strip();
    Expression content = content("item");
    return repeat.equals("1") ? content : repeated(content, repeat);
  }

  private static Expression repeated(Expression what, String repeat) throws GrammarException {
    int dash = repeat.indexOf('-');
    String from = dash < 0 ? repeat : repeat.substring(0, dash);
    String to = dash < 0 ? repeat : repeat.substring(dash + 1);
    int least = count(from, repeat);
    int most = to.isEmpty() ? Expression.Repeat.UNBOUNDED : count(to, repeat);
    if (most != Expression.Repeat.UNBOUNDED && most < least) {
      throw badRepeat(repeat);
    }
    return new Expression.Repeat(what, least, most);
  }

  private static int count(String digits, String repeat) throws GrammarException {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw badRepeat(repeat);
    }
    String significant = digits.replaceFirst("^0+(?=.)", "");
    if (significant.length() > 5) {
      throw GrammarException.unsupported(
          "repeat " + GrammarException.quoted(repeat) + " is too often");
    }
    return Integer.parseInt(significant);
  }

  private static GrammarException badRepeat(String repeat) {
    return GrammarException.malformed(
        "repeat must be n, n-m or n-, not " + GrammarException.quoted(repeat));
  }

  private Expression oneOf() throws XMLStreamException, GrammarException {
    List<Expression> alternatives = new ArrayList<>();
    for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (!isSrgs() || isSilent()) {
          skip();
        } else if (xml.getLocalName().equals("item")) {
          alternatives.add(item());
        } else {
          throw unexpected("one-of");
        }
      } else if (!isBlank(event)) {
        throw GrammarException.malformed("there is text in one-of, outside its items");
      }
    }
    if (alternatives.isEmpty()) {
      throw GrammarException.malformed("one-of has no item");
    }
    return new Expression.Choice(alternatives);
  }

  private Expression reference() throws XMLStreamException, GrammarException {
    String uri = attribute("uri", "").strip();
    String special = attribute("special", "").strip();
    skip();
    if (uri.isEmpty() == special.isEmpty()) {
      throw GrammarException.malformed("ruleref must have either uri or special");
    }
    if (uri.startsWith("#") && uri.length() > 1) {
      return new Expression.Reference(uri.substring(1));
    }
    if (!uri.isEmpty()) {
      throw GrammarException.unsupported(
          "a reference to "
              + GrammarException.quoted(uri)
              + " is not supported, only to rules of the same grammar ('#id')");
    }
    return switch (special) {
      case "NULL" -> Expression.nothing();
      case "VOID" -> new Expression.Key(0);
      case "GARBAGE" ->
          new Expression.Repeat(new Expression.Key(Keys.ANY), 0, Expression.Repeat.UNBOUNDED);
      default ->
          throw GrammarException.malformed(
              "special must be NULL, VOID or GARBAGE, not " + GrammarException.quoted(special));
    };
  }

  /** Makes keys of the text so far: tokens with white space between them, or keys run together. */
  private static void tokens(StringBuilder text, List<Expression> parts) throws GrammarException {
    for (String token : text.toString().replace('"', ' ').strip().split("\\s+", -1)) {
      if (token.isEmpty()) {
        continue;
      }
      int named = Keys.ofToken(token);
      if (named != 0) {
        parts.add(new Expression.Key(named));
        continue;
      }
      for (int i = 0; i < token.length(); i++) {
        int key = Keys.bit(token.charAt(i));
        if (key == 0) {
          throw GrammarException.malformed(
              GrammarException.quoted(token) + " is no key: allowed are 0-9 * # A-D");
        }
        parts.add(new Expression.Key(key));
      }
    }
    text.setLength(0);
  }

  /** The text of an element without children, up to its end. */
  private String text() throws XMLStreamException, GrammarException {
    String name = xml.getLocalName();
    StringBuilder text = new StringBuilder();
    for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        throw unexpected(name);
      } else if (isText(event)) {
        text.append(xml.getText());
      }
    }
    return text.toString();
  }

  private void skip() throws XMLStreamException, GrammarException {
    int outside = depth - 1;
    while (depth > outside) {
      next();
    }
  }

  private int next() throws XMLStreamException, GrammarException {
    if (!xml.hasNext()) {
      throw GrammarException.malformed("the grammar ends too early");
    }
    int event = xml.next();
    if (event == XMLStreamConstants.START_ELEMENT && ++depth > DEEPEST) {
      throw GrammarException.unsupported(
          "the grammar's elements are nested more than " + DEEPEST + " deep");
    } else if (event == XMLStreamConstants.END_ELEMENT) {
      depth--;
    } else if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
      throw GrammarException.malformed("document types and entities are not allowed");
    }
    return event;
  }

  private boolean isSrgs() {
    String namespace = xml.getNamespaceURI();
    return namespace == null || namespace.isEmpty() || namespace.equals(NAMESPACE);
  }

  /** Elements that mean nothing for the keys. */
  private boolean isSilent() {
    return switch (xml.getLocalName()) {
      case "meta", "metadata", "lexicon", "example" -> true;
      default -> false;
    };
  }

  private static boolean isText(int event) {
    return event == XMLStreamConstants.CHARACTERS
        || event == XMLStreamConstants.CDATA
        || event == XMLStreamConstants.SPACE;
  }

  private boolean isBlank(int event) {
    return !isText(event) || xml.getText().isBlank();
  }

  private String attribute(String name, String otherwise) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String namespace = xml.getAttributeNamespace(i);
      if ((namespace == null || namespace.isEmpty()) && xml.getAttributeLocalName(i).equals(name)) {
        return xml.getAttributeValue(i);
      }
    }
    return otherwise;
  }

  private GrammarException unexpected(String within) {
    return GrammarException.malformed(
        "<" + GrammarException.quoted(xml.getLocalName()) + "> is not allowed in <" + within + ">");
  }
}
