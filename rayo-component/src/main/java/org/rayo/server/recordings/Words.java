package org.rayo.server.recordings;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rayo.recording.Manifest;

/** How what is known of a recording is written for a person. */
final class Words {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Words() {}

  /** In this machine's time zone. */
  static String time(Instant at) {
    return TIME.format(at.atZone(ZoneId.systemDefault()));
  }

  static String length(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  static String size(long bytes) {
    if (bytes < 10 * 1024) {
      return bytes + " B";
    }
    return bytes < 10 * 1024 * 1024 ? bytes / 1024 + " KiB" : bytes / 1024 / 1024 + " MiB";
  }

  /** Without what would move or colour what is beside it on a terminal. */
  static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "\uFFFD");
  }

  static String state(Manifest manifest) {
    return token(manifest.state());
  }

  static String token(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Each store and how far it has come. */
  static String stores(Manifest manifest) {
    return manifest.deliveries().isEmpty()
        ? "none"
        : manifest.deliveries().entrySet().stream()
            .map(entry -> entry.getKey() + " " + token(entry.getValue().status()))
            .collect(Collectors.joining(", "));
  }
}
