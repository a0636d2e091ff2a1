package org.rayo.testkit.client;

import org.jivesoftware.smack.packet.IQ;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** An iq whose child is given as XML. */
final class CommandIq extends IQ {

  private final Element child;

  CommandIq(Element child) {
    super(child.getLocalName(), child.getNamespaceURI());
    this.child = child;
  }

  @Override
  protected IQChildElementXmlStringBuilder getIQChildElementBuilder(
      IQChildElementXmlStringBuilder xml) {
    NamedNodeMap attributes = child.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      Attr attribute = (Attr) attributes.item(i);
      if (!attribute.getName().startsWith("xmlns")) {
        xml.attribute(attribute.getName(), attribute.getValue());
      }
    }
    xml.rightAngleBracket();
    for (Node node = child.getFirstChild(); node != null; node = node.getNextSibling()) {
      xml.append(Xml.text(node));
    }
    return xml;
  }
}
