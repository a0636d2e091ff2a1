package org.rayo.storage;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What is known of a recording when it gets its name. Only {@code recordingId}, {@code componentId}
 * and {@code format} are of a known form; all else may hold whatever a caller or a client has
 * written.
 *
 * @param recordingId unique among all recordings
 * @param componentId resource of the component's address, unique within the call
 * @param first whether it is the first recording of its call
 * @param client bare JID of whoever asked for it
 * @param from address of the caller
 * @param to the address that was called
 * @param format token of the audio format, as in {@code mp3}
 * @param startedAt when it was asked for
 * @param random made for this recording
 * @param mixer name of the mixer that is recorded, if it is one
 * @param meta free metadata by name
 */
public record RecordingFacts(
    String recordingId,
    String callId,
    String componentId,
    boolean first,
    String client,
    String from,
    String to,
    String format,
    Instant startedAt,
    UUID random,
    Optional<String> mixer,
    Map<String, String> meta) {

  /** The longest id of a recording. */
  static final int LONGEST_ID = 100;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1," + LONGEST_ID + "}");
  private static final Pattern FORMAT = Pattern.compile("[a-z0-9]{1,16}");

  public RecordingFacts {
    if (!ID.matcher(recordingId).matches()) {
      throw new IllegalArgumentException("recording id '" + recordingId + "'");
    }
    if (!ID.matcher(componentId).matches()) {
      throw new IllegalArgumentException("component id '" + componentId + "'");
    }
    if (!FORMAT.matcher(format).matches()) {
      throw new IllegalArgumentException("format '" + format + "'");
    }
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(mixer, "mixer");
    meta = Map.copyOf(meta);
  }
}
