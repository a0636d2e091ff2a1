package org.rayo.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dom4j.Attribute;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.media.Header;

/**
 * What may stand in an element. What the specification forbids is {@code bad-request}; what only we
 * do not have is {@code feature-not-implemented} of type modify, so that no instruction is passed
 * over in silence.
 */
final class ElementRules {

  static final QName HEADER = QName.get("header", Namespaces.RAYO);

  /** More would not fit into a message that a SIP peer takes. */
  static final int MOST_HEADERS = 200;

  private static final Set<String> NAME_AND_VALUE = Set.of("name", "value");

  private ElementRules() {}

  /** The attribute as written, if it is there; one of the same name with a namespace is another. */
  static Optional<String> attribute(Element element, String name) {
    return Optional.ofNullable(element.attributeValue(QName.get(name)));
  }

  /** The attribute as written. */
  static String required(Element element, String name) throws CommandRefusedException {
    Optional<String> value = attribute(element, name);
    if (value.isEmpty()) {
      throw badRequest(element.getName() + " has no " + name + "; it is required");
    }
    return value.orElseThrow();
  }

  /** Refuses an attribute that is not among these; attributes with a namespace are not ours. */
  static void allowAttributes(Element element, Set<String> allowed) throws CommandRefusedException {
    for (Attribute attribute : element.attributes()) {
      if (attribute.getNamespaceURI().isEmpty() && !allowed.contains(attribute.getName())) {
        throw new CommandRefusedException(
            StanzaError.optionNotImplemented(
                element.getName()
                    + " has the attribute "
                    + XmlText.quote(attribute.getName())
                    + ", which is not implemented; "
                    + (allowed.isEmpty()
                        ? "it has none"
                        : "implemented are: "
                            + String.join(", ", allowed.stream().sorted().toList()))));
      }
    }
  }

  /** Refuses text, and a child element that is not among these. */
  static void allowChildren(Element element, Set<QName> allowed) throws CommandRefusedException {
    refuseText(element);
    for (Element child : element.elements()) {
      if (!allowed.contains(child.getQName())) {
        throw new CommandRefusedException(
            StanzaError.optionNotImplemented(
                element.getName()
                    + " holds "
                    + XmlText.quote(child.getName())
                    + " of "
                    + XmlText.quote(child.getNamespaceURI())
                    + ", which is not implemented; implemented are: "
                    + String.join(", ", allowed.stream().map(QName::getName).sorted().toList())));
      }
    }
  }

  /** Refuses text and children, for an element that must be empty. */
  static void requireEmpty(Element element) throws CommandRefusedException {
    refuseText(element);
    if (!element.elements().isEmpty()) {
      throw badRequest(
          element.getName()
              + " must be empty, but holds "
              + XmlText.quote(element.elements().get(0).getName()));
    }
  }

  /** Refuses text beside or in place of child elements. */
  static void refuseText(Element element) throws CommandRefusedException {
    String text = element.getText();
    if (!text.isBlank()) {
      throw badRequest(
          element.getName() + " must hold no text, but holds " + XmlText.quote(text.strip()));
    }
  }

  /** The {@code <header/>} children in their order, repeated names included. */
  static List<Header> headers(Element element) throws CommandRefusedException {
    List<Element> children = element.elements(HEADER);
    if (children.size() > MOST_HEADERS) {
      throw new CommandRefusedException(
          StanzaError.optionNotImplemented(
              element.getName()
                  + " has "
                  + children.size()
                  + " headers; at most "
                  + MOST_HEADERS
                  + " are allowed"));
    }
    List<Header> headers = new ArrayList<>();
    for (Element child : children) {
      headers.add(header(child));
    }
    return headers;
  }

  private static Header header(Element element) throws CommandRefusedException {
    allowNameAndValue(element);
    try {
      return new Header(required(element, "name"), required(element, "value"));
    } catch (IllegalArgumentException illegal) {
      throw badRequest(
          "header "
              + XmlText.quote(required(element, "name"))
              + " is illegal: a name is letters, digits and -.!%*_+`'~, and a value is without line"
              + " breaks and control characters");
    }
  }

  /** For {@code <header/>} and {@code <hint/>}: two attributes and nothing in it. */
  static void allowNameAndValue(Element element) throws CommandRefusedException {
    allowAttributes(element, NAME_AND_VALUE);
    requireEmpty(element);
  }

  /** Refuses an attribute whose values we have none of; a blank one asks for nothing. */
  static void refuseOption(Element element, String name) throws CommandRefusedException {
    Optional<String> value = attribute(element, name).filter(written -> !written.isBlank());
    if (value.isPresent()) {
      throw new CommandRefusedException(
          StanzaError.optionNotImplemented(
              name
                  + " is "
                  + XmlText.quote(value.orElseThrow())
                  + ", which is not implemented; leave "
                  + name
                  + " out"));
    }
  }

  static CommandRefusedException badRequest(String text) {
    return new CommandRefusedException(StanzaError.badRequest(text));
  }
}
