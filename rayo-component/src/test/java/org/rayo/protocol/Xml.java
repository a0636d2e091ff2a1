package org.rayo.protocol;

import java.io.StringReader;
import java.util.List;
import java.util.stream.Collectors;
import org.dom4j.DocumentException;
import org.dom4j.Element;
import org.dom4j.io.SAXReader;

/** XML in tests: parsed from strings, and compared by what it means. */
public final class Xml {

  /** One for all: finding a parser takes longer than parsing. */
  private static final SAXReader READER = new SAXReader();

  private Xml() {}

  static synchronized Element parse(String xml) {
    try {
      Element root = READER.read(new StringReader(xml)).getRootElement();
      root.detach();
      return root;
    } catch (DocumentException malformed) {
      throw new IllegalArgumentException(xml, malformed);
    }
  }

  /** The stanzas of a text that holds one or more, with comments. */
  public static List<Element> stanzas(String text) {
    List<Element> stanzas = List.copyOf(parse("<stanzas>" + text + "</stanzas>").elements());
    stanzas.forEach(Element::detach);
    return stanzas;
  }

  /**
   * One form for all that means the same: attributes sorted, prefixes and white space around text
   * dropped, children in their order.
   */
  static String meaning(Element element) {
    String attributes =
        element.attributes().stream()
            .map(a -> " " + a.getQualifiedName() + "='" + a.getValue() + "'")
            .sorted()
            .collect(Collectors.joining());
    String children =
        element.elements().stream().map(Xml::meaning).collect(Collectors.joining("\n"));
    return "{"
        + element.getNamespaceURI()
        + "}"
        + element.getName()
        + attributes
        + " ["
        + element.getTextTrim()
        + children
        + "]";
  }
}
