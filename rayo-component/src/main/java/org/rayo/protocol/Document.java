package org.rayo.protocol;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.rayo.media.OutputRequest;

/**
 * A {@code <document/>} of an output, read: either a URL or a content type with its text.
 *
 * @param segments what it comes to
 */
public record Document(
    Optional<URI> url,
    Optional<String> contentType,
    Optional<String> text,
    List<OutputRequest.Segment> segments) {
  public Document {
    segments = List.copyOf(segments);
    if (url.isPresent() == contentType.isPresent() || contentType.isPresent() != text.isPresent()) {
      throw new IllegalArgumentException("a document has a url, or a content type and text");
    }
  }
}
