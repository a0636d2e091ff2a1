package org.rayo.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest;

/** Manifests and captured files for tests. */
final class Captures {

  private Captures() {}

  static Manifest manifest(String id) {
    return manifest(id, Optional.empty());
  }

  static Manifest manifest(String id, Optional<Duration> minDuration) {
    return manifest(id, minDuration, Map.of());
  }

  static Manifest manifest(String id, Optional<Duration> minDuration, Map<String, String> meta) {
    return new Manifest(
        id,
        "call",
        "comp",
        "juliet@example.org/balcony",
        "wiki",
        AudioFormat.MP3,
        RecordingRequest.Direction.DUPLEX,
        "2026/01/01/" + id + ".mp3",
        Instant.parse("2026-01-01T00:00:00Z"),
        Manifest.State.CAPTURING,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        minDuration,
        meta);
  }

  /** A recording of which nothing special is wanted. */
  static RecordingRequest request() {
    return new RecordingRequest(
        AudioFormat.MP3,
        RecordingRequest.Direction.DUPLEX,
        true,
        false,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RecordingRequest.Encoding.DEFAULT);
  }

  /** Writes ten bytes and says that they are the recording. */
  static CapturedRecording captured(String id, Path file) throws IOException {
    Files.write(file, new byte[10]);
    return facts(id, file, Cause.STOP);
  }

  static CapturedRecording facts(String id, Path file, Cause cause) {
    return new CapturedRecording(
        id,
        file,
        AudioFormat.MP3,
        cause,
        8000,
        8000,
        1,
        10,
        cause == Cause.ERROR ? Optional.of("the disk is full") : Optional.empty());
  }
}
