package org.rayo.protocol;

import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;

/**
 * What {@code <document/>} and {@code <grammar/>} have in common: a URL, or a content type and text
 * that is not blank.
 */
record EmbeddedText(Optional<String> url, Optional<String> contentType, Optional<String> text) {

  private static final String URL = "url";
  private static final String CONTENT_TYPE = "content-type";

  static EmbeddedText read(Element element) throws CommandRefusedException {
    ElementRules.allowAttributes(element, Set.of(URL, CONTENT_TYPE));
    Optional<String> url = ElementRules.attribute(element, URL);
    Optional<String> contentType = ElementRules.attribute(element, CONTENT_TYPE);
    if (url.isPresent() == contentType.isPresent()) {
      throw ElementRules.badRequest(
          element.getName()
              + (url.isPresent() ? " has url and content-type" : " has no url and no content-type")
              + "; exactly one of them is allowed");
    }
    if (url.isPresent()) {
      ElementRules.requireEmpty(element);
      return new EmbeddedText(url, contentType, Optional.empty());
    }
    if (!element.elements().isEmpty()) {
      throw ElementRules.badRequest(
          element.getName()
              + " holds the element "
              + XmlText.quote(element.elements().get(0).getName())
              + "; XML stands in it as text, in a CDATA section or escaped");
    }
    String text = element.getText();
    if (text.isBlank()) {
      throw ElementRules.badRequest(element.getName() + " has a content-type, but no text");
    }
    return new EmbeddedText(url, contentType, Optional.of(text));
  }
}
