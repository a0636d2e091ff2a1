package org.rayo.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;

/** Reads {@code <document/>}: either the URL of a sound, or text of one of three types. */
final class DocumentReader {

  /** The largest text of a document, in characters. */
  static final int MOST_CHARACTERS = 64 * 1024;

  /** The most that the documents of an output may come to. */
  static final int MOST_SEGMENTS = 1000;

  private static final Set<String> SCHEMES = Set.of("file", "http", "https");

  private DocumentReader() {}

  static Document read(Element element) throws CommandRefusedException {
    EmbeddedText read = EmbeddedText.read(element);
    if (read.url().isPresent()) {
      URI uri = sound("url", read.url().orElseThrow().strip());
      return new Document(
          Optional.of(uri),
          Optional.empty(),
          Optional.empty(),
          List.of(new AudioFile(uri, List.of())));
    }
    String contentType = read.contentType().orElseThrow();
    String text = read.text().orElseThrow();
    if (text.length() > MOST_CHARACTERS) {
      throw new CommandRefusedException(
          StanzaError.optionNotImplemented(
              "a document has "
                  + text.length()
                  + " characters; at most "
                  + MOST_CHARACTERS
                  + " are allowed"));
    }
    List<Segment> segments = segments(contentType, text);
    if (segments.isEmpty()) {
      throw ElementRules.badRequest("a document holds nothing to play");
    }
    return new Document(Optional.empty(), Optional.of(contentType), Optional.of(text), segments);
  }

  private static List<Segment> segments(String contentType, String text)
      throws CommandRefusedException {
    return switch (contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)) {
      case "text/plain" -> List.of(new Speech(text.strip(), Optional.empty(), Optional.empty()));
      case "text/uri-list" -> uriList(text);
      case "application/ssml+xml" -> Ssml.read(text);
      default ->
          throw new CommandRefusedException(
              StanzaError.optionNotImplemented(
                  "content-type is "
                      + XmlText.quote(contentType)
                      + ", which is not implemented; implemented are: application/ssml+xml,"
                      + " text/plain, text/uri-list"));
    };
  }

  /**
   * A line for each URI; those that begin with # are comments.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc2483#section-5">RFC 2483, section 5</a>
   */
  private static List<Segment> uriList(String text) throws CommandRefusedException {
    List<Segment> files = new ArrayList<>();
    for (String written : (Iterable<String>) text.lines()::iterator) {
      String line = written.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (files.size() == MOST_SEGMENTS) {
        throw tooMany();
      }
      files.add(new AudioFile(sound("a line of the uri-list", line), List.of()));
    }
    return files;
  }

  static CommandRefusedException tooMany() {
    return new CommandRefusedException(
        StanzaError.optionNotImplemented(
            "what is to be played comes to more than "
                + MOST_SEGMENTS
                + " pieces of sound, speech and silence, which is not implemented"));
  }

  /**
   * The URI of a sound.
   *
   * @param what it is, for the client
   */
  static URI sound(String what, String written) throws CommandRefusedException {
    try {
      URI uri = new URI(written);
      if (uri.getScheme() != null && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
        return uri;
      }
    } catch (URISyntaxException notOne) {
      throw noSound(what, written);
    }
    throw noSound(what, written);
  }

  private static CommandRefusedException noSound(String what, String written) {
    return ElementRules.badRequest(
        what + " is " + XmlText.quote(written) + "; a file:, http: or https: URI is allowed");
  }
}
