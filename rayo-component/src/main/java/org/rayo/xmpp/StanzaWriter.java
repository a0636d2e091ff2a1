package org.rayo.xmpp;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dom4j.Attribute;
import org.dom4j.CDATA;
import org.dom4j.Element;
import org.dom4j.Namespace;
import org.dom4j.Node;
import org.dom4j.Text;

/**
 * Writes stanzas for a stream whose opening tag declared the stanza namespace as the default one.
 *
 * <p>The stanza and those descendants that are in a stanza namespace, or none, together with all
 * their parents inherit the stream's: they are written without {@code xmlns}, so that a stanza
 * routed from a client's stream to a component's is right on both. Every other element is written
 * with a default namespace of its own where that differs from its parent's; prefixes are used for
 * attributes only. Characters that XML 1.0 cannot carry are written as U+FFFD.
 */
final class StanzaWriter {
  /** In bytes; every server takes that much from a component. */
  static final int LARGEST_ERROR = 10_000;

  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder out = new StringBuilder(256);

  private StanzaWriter() {}

  /**
   * The stanza in UTF-8. An error that would be large does not repeat what it answers, which is
   * optional (RFC 6120, section 8.3.1): written out that may be more than a server takes.
   */
  static byte[] bytes(Element stanza) {
    byte[] bytes = xml(stanza).getBytes(StandardCharsets.UTF_8);
    return bytes.length > LARGEST_ERROR && "error".equals(stanza.attributeValue("type"))
        ? xml(withoutEcho(stanza)).getBytes(StandardCharsets.UTF_8)
        : bytes;
  }

  private static Element withoutEcho(Element stanza) {
    Element alone = stanza.createCopy();
    for (Element child : List.copyOf(alone.elements())) {
      if (!child.getName().equals("error")) {
        alone.remove(child);
      }
    }
    return alone;
  }

  /** The stanza as text. */
  static String xml(Element stanza) {
    StanzaWriter writer = new StanzaWriter();
    writer.element(stanza, "", Map.of());
    return writer.out.toString();
  }

  /** Text with the characters escaped that mean something in XML content and attributes. */
  static String escape(String text) {
    StanzaWriter writer = new StanzaWriter();
    writer.escaped(text, true);
    return writer.out.toString();
  }

  /**
   * @param inherited the default namespace in force; empty stands for the stream's
   * @param prefixes the prefixes in force
   */
  private void element(Element element, String inherited, Map<String, String> prefixes) {
    String uri = element.getNamespaceURI();
    boolean ofTheStanza = inherited.isEmpty() && Namespaces.isStanzaNamespace(uri);
    String name = element.getName();
    out.append('<').append(name);
    if (!ofTheStanza && !uri.equals(inherited)) {
      attribute("xmlns", uri);
    }
    Map<String, String> inScope = new HashMap<>(prefixes);
    for (Object declared : element.declaredNamespaces()) {
      Namespace namespace = (Namespace) declared;
      declare(namespace.getPrefix(), namespace.getURI(), inScope);
    }
    for (Attribute attribute : element.attributes()) {
      String prefix = attribute.getNamespacePrefix();
      if (attribute.getNamespaceURI().isEmpty()) {
        attribute(attribute.getName(), attribute.getValue());
      } else {
        declare(prefix, attribute.getNamespaceURI(), inScope);
        attribute(prefix + ":" + attribute.getName(), attribute.getValue());
      }
    }
    if (element.nodeCount() == 0) {
      out.append("/>");
      return;
    }
    out.append('>');
    String forChildren = ofTheStanza ? "" : uri;
    for (Node node : element.content()) {
      if (node instanceof Element child) {
        element(child, forChildren, inScope);
      } else if (node instanceof Text || node instanceof CDATA) {
        escaped(node.getText(), false);
      }
    }
    out.append("</").append(name).append('>');
  }

  private void declare(String prefix, String uri, Map<String, String> inScope) {
    if (prefix.isEmpty() || prefix.equals("xml") || uri.equals(inScope.get(prefix))) {
      return;
    }
    inScope.put(prefix, uri);
    attribute("xmlns:" + prefix, uri);
  }

  private void attribute(String name, String value) {
    out.append(' ').append(name).append("=\"");
    escaped(value, true);
    out.append('"');
  }

  private void escaped(String text, boolean inAttribute) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&apos;");
        case '\r' -> out.append("&#13;");
        // A parser turns these into spaces in an attribute.
        case '\t', '\n' -> out.append(inAttribute ? "&#" + (int) c + ";" : String.valueOf(c));
        default -> {
          if (Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            out.append(c).append(text.charAt(++i));
          } else {
            boolean carried = c >= ' ' && !Character.isSurrogate(c) && c < '\uFFFE';
            out.append(carried ? c : REPLACEMENT);
          }
        }
      }
    }
  }
}
