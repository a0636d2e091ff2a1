package org.rayo.media.output;

import java.util.Optional;

/**
 * What a web server calls the content that it sent, for asking whether it is still that.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8">RFC 9110, validator fields</a>
 */
record HttpVersion(Optional<String> etag, Optional<String> lastModified) {

  static final HttpVersion NONE = new HttpVersion(Optional.empty(), Optional.empty());

  boolean isKnown() {
    return etag.isPresent() || lastModified.isPresent();
  }
}
