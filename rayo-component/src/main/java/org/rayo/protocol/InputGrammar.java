package org.rayo.protocol;

import java.util.Optional;
import org.rayo.grammar.Grammar;

/**
 * A {@code <grammar/>} of an input, read: either a URL or a content type with its text.
 *
 * @param grammar what it comes to
 */
public record InputGrammar(
    Optional<String> url, Optional<String> contentType, Optional<String> text, Grammar grammar) {
  public InputGrammar {
    if (url.isPresent() == contentType.isPresent() || contentType.isPresent() != text.isPresent()) {
      throw new IllegalArgumentException("a grammar has a url, or a content type and text");
    }
  }
}
