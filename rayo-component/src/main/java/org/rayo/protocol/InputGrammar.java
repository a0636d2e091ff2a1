package org.rayo.protocol;

import java.util.Objects;
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

  /** The grammar follows from the rest. */
  @Override
  public boolean equals(Object other) {
    return other instanceof InputGrammar that
        && url.equals(that.url)
        && contentType.equals(that.contentType)
        && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(url, contentType, text);
  }
}
