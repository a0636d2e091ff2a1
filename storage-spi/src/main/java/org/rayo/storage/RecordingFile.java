package org.rayo.storage;

import java.nio.file.Path;
import java.util.Map;

/**
 * A recording to be stored, or the description beside one.
 *
 * @param recordingId unique among all recordings
 * @param path of the local file; the store reads it and leaves it
 * @param key name within the store: segments separated by {@code /}, none of them empty, {@code .}
 *     or {@code ..}; the same recording always has the same key, and no other has it
 * @param mediaType for example {@code audio/mpeg}
 * @param metadata free text by name, for stores that can keep it
 */
public record RecordingFile(
    String recordingId, Path path, String key, String mediaType, Map<String, String> metadata) {

  /** How the keys of sidecars end, and no recording's. */
  public static final String SIDECAR_END = ".json";

  private static final String JSON = "application/json";

  public RecordingFile {
    for (String segment : key.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException(
            "key '" + key + "' has the segment '" + segment + "', which no store may follow");
      }
    }
    if (key.chars().anyMatch(c -> c < ' ' || c == '\\' || c == 0x7f)) {
      throw new IllegalArgumentException("key '" + key + "' has a control character or backslash");
    }
    metadata = Map.copyOf(metadata);
  }

  /**
   * The description beside this recording: a small object of its own, at {@code key + ".json"},
   * stored as recordings are.
   *
   * @param json the local file that holds it
   */
  public RecordingFile sidecar(Path json) {
    return new RecordingFile(recordingId, json, key + SIDECAR_END, JSON, Map.of());
  }

  /** Whether this is the description beside a recording, not a recording. */
  public boolean isSidecar() {
    return mediaType.equals(JSON) && key.endsWith(SIDECAR_END);
  }
}
