package org.rayo.testkit.freeswitch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A command as it came: its first line, and headers whose names do not mind the case.
 *
 * @param verb the first word, in lower case
 * @param rest what follows it on the line
 * @param body what Content-Length announced
 */
record Command(String verb, String rest, Map<String, String> headers, Optional<String> body) {

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The rest of the line, word by word. */
  List<String> words() {
    return rest.isEmpty() ? List.of() : List.of(rest.split(" +", -1));
  }

  /**
   * Reads the next command; leading blank lines are passed over.
   *
   * @throws EOFException when the peer is gone
   */
  static Command read(InputStream in) throws IOException {
    String line = line(in);
    while (line.isEmpty()) {
      line = line(in);
    }
    String first = line;
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    Optional<String> body = Optional.empty();
    if (headers.containsKey("content-length")) {
      int length = Integer.parseInt(headers.get("content-length"));
      body = Optional.of(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
    int space = first.indexOf(' ');
    String verb = (space < 0 ? first : first.substring(0, space)).toLowerCase(Locale.ROOT);
    return new Command(verb, space < 0 ? "" : first.substring(space + 1).strip(), headers, body);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder bytes = new StringBuilder();
    for (int unit = in.read(); unit != '\n'; unit = in.read()) {
      if (unit < 0) {
        throw new EOFException();
      }
      bytes.append((char) unit);
    }
    String line =
        new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }
}
