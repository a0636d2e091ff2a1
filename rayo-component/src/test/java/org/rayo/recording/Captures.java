package org.rayo.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest;
import org.rayo.recording.Manifest.Delivery;

/** Manifests and captured files for tests. */
final class Captures {

  /** Of a store. */
  static final String STORE = "first";

  /** Of a store that stands by. */
  static final String FALLBACK = "second";

  private Captures() {}

  static Manifest manifest(String id) {
    return manifest(id, Optional.empty());
  }

  static Manifest manifest(String id, Optional<Duration> minDuration) {
    return manifest(id, minDuration, Map.of());
  }

  static Manifest manifest(String id, Optional<Duration> minDuration, Map<String, String> meta) {
    return manifest(
        id, Map.of(STORE, Delivery.pending("2026/01/01/" + id + ".mp3")), minDuration, meta);
  }

  /** For these stores. */
  static Manifest manifest(
      String id,
      Map<String, Delivery> deliveries,
      Optional<Duration> minDuration,
      Map<String, String> meta) {
    return Manifest.begun(
        id,
        new Manifest.Origin(
            "call",
            "comp",
            "juliet@example.org/balcony",
            "wiki",
            "sip:alice@example.org",
            "sip:1000@example.org"),
        AudioFormat.MP3,
        RecordingRequest.Direction.DUPLEX,
        Instant.parse("2026-01-01T00:00:00Z"),
        deliveries,
        minDuration,
        meta);
  }

  /** First this store, and that one in need. */
  static Manifest withFallback(String id) {
    Map<String, Delivery> deliveries = new LinkedHashMap<>();
    deliveries.put(STORE, Delivery.pending("2026/01/01/" + id + ".mp3"));
    deliveries.put(FALLBACK, Delivery.standby("2026/01/01/" + id + ".mp3"));
    return manifest(id, deliveries, Optional.empty(), Map.of());
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
