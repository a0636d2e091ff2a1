package org.rayo.xmpp;

import java.util.List;
import org.dom4j.Attribute;
import org.dom4j.Element;

/**
 * How much text an element becomes when it is written: at least its size on the wire, and many
 * times that where children share a prefix that was declared once, for then each is written with
 * its namespace.
 */
final class StanzaSize {

  /** Characters that the longest escape, that of a quotation mark, makes of one. */
  private static final int ESCAPE = 6;

  private StanzaSize() {}

  /** Whether an element is surely written in so many characters. Stops counting where it is not. */
  static boolean isWithin(Element element, long limit) {
    return left(element, limit) >= 0;
  }

  private static long left(Element element, long limit) {
    long left = limit - 2L * element.getQualifiedName().length();
    left -= element.getNamespaceURI().length();
    for (Attribute attribute : element.attributes()) {
      left -= attribute.getQualifiedName().length() + attribute.getNamespaceURI().length();
      left -= (long) ESCAPE * attribute.getValue().length();
    }
    left -= (long) ESCAPE * element.getText().length();
    List<Element> children = element.elements();
    for (int i = 0; i < children.size() && left >= 0; i++) {
      left = left(children.get(i), left);
    }
    return left;
  }
}
