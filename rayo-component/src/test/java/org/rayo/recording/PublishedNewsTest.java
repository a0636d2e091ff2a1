package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.recording.Captures.STORE;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.notice.FakeNotices;
import org.rayo.storage.StoredRecording;

/** What lies beside a recording, and what others are told of it. */
class PublishedNewsTest {

  private static final String SIGNED =
      "https://b.s3.example.org/k.mp3?X-Amz-Expires=60&X-Amz-Signature=abc123";

  private final FakeNotices nobody = new FakeNotices();

  private String sidecar(String uri) {
    Manifest stored =
        Captures.manifest("r1")
            .captured(Captures.facts("r1", Path.of("r1"), Cause.STOP), Instant.EPOCH)
            .stored(STORE, new StoredRecording(URI.create(uri), 10));
    return new String(
        new PublishedNews(nobody, true).sidecar(stored, STORE, "00").orElseThrow(),
        StandardCharsets.UTF_8);
  }

  @Test
  void sidecar_ofASignedUri_givesNobodyAccess() {
    assertThat(sidecar(SIGNED))
        .contains("\"https://b.s3.example.org/k.mp3\"")
        .doesNotContain("abc123");
  }

  @Test
  void sidecar_ofAnyOtherUri_hasItWhole() {
    assertThat(sidecar("https://r.example.org/k.mp3?call=7"))
        .contains("\"https://r.example.org/k.mp3?call=7\"");
  }
}
