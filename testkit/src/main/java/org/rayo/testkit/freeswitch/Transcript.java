package org.rayo.testkit.freeswitch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dialogue with a real event socket, as it was written down: sections that begin with a line of
 * equals signs and a title, {@code api} requests after {@code >>}, the reply to each after {@code
 * <<}, and events after {@code --- EVENT}, with plain values; a session description takes several
 * lines. All else is remarks.
 */
public final class Transcript {

  private static final Pattern HEADER = Pattern.compile("([A-Za-z][A-Za-z0-9_-]*): (.*)");
  private static final String SECTION = "==================== ";
  private static final String EVENT = "--- EVENT";
  private static final String FILE = "FILE ";

  /** The first line of a session description, which goes on in the next ones. */
  private static final String SESSION = "v=0";

  private Transcript() {}

  /** A request and the reply to it. */
  public record Exchange(String request, String reply) {}

  /**
   * What belongs together.
   *
   * @param events the headers of each, in the order in which they came
   */
  public record Section(String title, List<Exchange> exchanges, List<Map<String, String>> events) {}

  /** All sections, in order. */
  public static List<Section> read(Path file) {
    List<Section> sections = new ArrayList<>();
    String request = "";
    List<String> event = new ArrayList<>();
    boolean inEvent = false;
    try {
      for (String line : Files.readAllLines(file)) {
        boolean spoken = line.startsWith(">> ") || line.startsWith("<< ");
        if (spoken || line.startsWith(SECTION) || line.startsWith(EVENT) || line.startsWith(FILE)) {
          if (inEvent) {
            last(sections).events.add(headers(event));
            event.clear();
          }
          inEvent = line.startsWith(EVENT);
        }
        if (line.startsWith(SECTION)) {
          String title = line.substring(SECTION.length());
          sections.add(new Section(title, new ArrayList<>(), new ArrayList<>()));
        } else if (line.startsWith(">> ")) {
          request = line.substring(3);
        } else if (line.startsWith("<< ") && request.startsWith("api ")) {
          last(sections).exchanges.add(new Exchange(request, line.substring(3)));
          request = "";
        } else if (inEvent && !line.startsWith(EVENT)) {
          event.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (inEvent) {
      last(sections).events.add(headers(event));
    }
    return List.copyOf(sections);
  }

  private static Section last(List<Section> sections) {
    return sections.get(sections.size() - 1);
  }

  private static Map<String, String> headers(List<String> lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    String name = "";
    for (String line : lines) {
      Matcher header = HEADER.matcher(line);
      if (header.matches()) {
        name = header.group(1);
        headers.put(name, header.group(2));
      } else if (headers.getOrDefault(name, "").startsWith(SESSION) && !line.isEmpty()) {
        headers.merge(name, line, (before, more) -> before + "\n" + more);
      }
    }
    return headers;
  }
}
