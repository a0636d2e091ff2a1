package org.rayo.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.Optional;

/**
 * The one JSON form of a {@link Notice}: the sidecar beside a recording, the job file, the body of
 * a webhook's request, and the file in the queue. UTF-8, with a line break at its end; {@code
 * docs/notices.md} explains every field.
 */
public final class NoticeJson {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private NoticeJson() {}

  /** The JSON of a notice; the same notice gives the same bytes, at most 4 MB of them. */
  public static byte[] bytes(Notice notice) {
    try {
      byte[] json = JSON.writeValueAsBytes(notice);
      byte[] line = new byte[json.length + 1];
      System.arraycopy(json, 0, line, 0, json.length);
      line[json.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every notice can be written", e);
    }
  }

  /**
   * Reads what {@link #bytes} has written; fields that are not known are ignored.
   *
   * @throws IOException when it is something else
   */
  public static Notice read(byte[] json) throws IOException {
    try {
      return Optional.ofNullable(JSON.readValue(json, Notice.class))
          .orElseThrow(() -> new UnreadableNoticeException("there is nothing in it"));
    } catch (JsonProcessingException e) {
      // Its message may quote the text, which is whatever callers have written.
      throw new UnreadableNoticeException("this is no notice: " + e.getClass().getSimpleName());
    }
  }
}
