package org.rayo.storage;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recording's metadata made fit for where stores put it. Part of it is whatever a client sent, so
 * it may hold line breaks, any script, and be long.
 *
 * <p>{@code recording-id} is added and always the first. What is too much is left out, and logged:
 * a recording is not refused for its description.
 */
public final class MetadataFields {

  private static final Logger log = LoggerFactory.getLogger(MetadataFields.class);

  private static final String NAME = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final String VALUE = printable();

  private MetadataFields() {}

  /**
   * As header fields, or as what becomes some: names are in small letters; in names and values,
   * whatever a header cannot hold as it is, and {@code %} itself, is percent-encoded.
   *
   * @param maxBytes for all names and values together
   */
  public static Map<String, String> headers(RecordingFile file, int maxBytes) {
    return fields(
        file,
        maxBytes,
        name -> PercentEncoding.encode(name.toLowerCase(Locale.ROOT), NAME),
        MetadataFields::headerValue);
  }

  /**
   * As the query of an address, without the question mark.
   *
   * @param maxBytes for all names and values together, encoded
   */
  public static String query(RecordingFile file, int maxBytes) {
    StringBuilder query = new StringBuilder();
    fields(file, maxBytes, PercentEncoding::component, PercentEncoding::component)
        .forEach(
            (name, value) ->
                query.append(query.isEmpty() ? "" : "&").append(name).append('=').append(value));
    return query.toString();
  }

  private static Map<String, String> fields(
      RecordingFile file,
      int maxBytes,
      UnaryOperator<String> nameForm,
      UnaryOperator<String> valueForm) {
    Map<String, String> fields = new LinkedHashMap<>();
    String id = valueForm.apply(file.recordingId());
    fields.put("recording-id", id);
    int bytes = "recording-id".length() + id.length();
    for (Map.Entry<String, String> entry : new TreeMap<>(file.metadata()).entrySet()) {
      String name = nameForm.apply(entry.getKey());
      String value = valueForm.apply(entry.getValue());
      boolean fits = bytes + name.length() + value.length() <= maxBytes;
      if (!fits || name.isEmpty() || fields.containsKey(name)) {
        log.warn(
            "recording {}: metadata '{}' is left out: {}",
            id,
            name.length() > 64 ? name.substring(0, 64) + "…" : name,
            fits ? "its name is taken or empty" : "more than " + maxBytes + " bytes in all");
      } else {
        fields.put(name, value);
        bytes += name.length() + value.length();
      }
    }
    return fields;
  }

  /** Spaces at the ends of a header's value would be lost on the way, so those are encoded. */
  private static String headerValue(String text) {
    String encoded = PercentEncoding.encode(text, VALUE);
    int from = 0;
    int to = encoded.length();
    while (from < to && encoded.charAt(from) == ' ') {
      from++;
    }
    while (to > from && encoded.charAt(to - 1) == ' ') {
      to--;
    }
    return "%20".repeat(from) + encoded.substring(from, to) + "%20".repeat(encoded.length() - to);
  }

  /** All that can be printed, but for the percent sign, which announces the others. */
  private static String printable() {
    StringBuilder all = new StringBuilder();
    for (char c = ' '; c <= '~'; c++) {
      if (c != '%') {
        all.append(c);
      }
    }
    return all.toString();
  }
}
