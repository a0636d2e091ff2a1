package org.rayo.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MetadataFieldsTest {

  private static RecordingFile file(Map<String, String> metadata) {
    return new RecordingFile("rec-1", Path.of("audio"), "a.mp3", "audio/mpeg", metadata);
  }

  @Test
  void headers_anyText_canNeitherEndTheFieldNorBeMistaken() {
    assertThat(
            MetadataFields.headers(
                file(Map.of("Call-Id", " 9f\r\nX: 1 ", "a:b", "50 % ü", "tab", "\t")), 4096))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "recording-id", "rec-1",
                "call-id", "%209f%0D%0AX: 1%20",
                "a%3Ab", "50 %25 %C3%BC",
                "tab", "%09"));
  }

  @Test
  void headers_tooMuch_keepWhatFitsAndTheId() {
    assertThat(
            MetadataFields.headers(
                file(Map.of("a", "x".repeat(80), "b", "y".repeat(10), "recording-id", "other")),
                40))
        .containsExactlyInAnyOrderEntriesOf(Map.of("recording-id", "rec-1", "b", "y".repeat(10)));
  }

  @Test
  void query_anyText_canNeitherEndAValueNorAddOne() {
    assertThat(MetadataFields.query(file(Map.of("a=b", "1&c=2#", "Z", "+ü")), 4096))
        .isEqualTo("recording-id=rec-1&Z=%2B%C3%BC&a%3Db=1%26c%3D2%23");
  }
}
