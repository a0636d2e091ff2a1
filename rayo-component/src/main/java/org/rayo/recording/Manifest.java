package org.rayo.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.RecordingRequest;

/**
 * What the journal knows of one recording; the file {@code manifest.json} beside its audio.
 *
 * @param recordingId also the name of its directory in the spool
 * @param client full JID of whoever asked for it and will get the {@code <complete/>}
 * @param dialect the client's, by its configuration token
 * @param startedAt when it was asked for
 * @param state how far it has come
 * @param captured empty until capture has ended
 * @param storedAt the uri at which it lies, once it does
 * @param minDuration a shorter recording is discarded, unless it was an error that cut it short
 * @param meta the client's own metadata
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Manifest(
    String recordingId,
    String callId,
    String componentId,
    String client,
    String dialect,
    AudioFormat format,
    RecordingRequest.Direction direction,
    String key,
    Instant startedAt,
    State state,
    Optional<Captured> captured,
    Optional<URI> storedAt,
    Optional<Duration> minDuration,
    Map<String, String> meta) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  /** Refuses what no journal has written. */
  public Manifest {
    if (!ID.matcher(recordingId).matches()) {
      throw new IllegalArgumentException(
          "recording id '" + recordingId + "': letters, digits, _ and - are allowed");
    }
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(componentId, "componentId");
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(captured, "captured");
    Objects.requireNonNull(storedAt, "storedAt");
    Objects.requireNonNull(minDuration, "minDuration");
    meta = Map.copyOf(meta);
  }

  /** Whether it is shorter than its client wants recordings to be. */
  public boolean isTooShort(CapturedRecording recording) {
    return recording.cause() != CapturedRecording.Cause.ERROR
        && minDuration.filter(least -> recording.duration().compareTo(least) < 0).isPresent();
  }

  /** How far a recording has come; it never goes back. */
  public enum State {
    /** Being recorded. */
    CAPTURING,
    /** The file is finished and lies in the spool. */
    CAPTURED,
    /** A store has it. */
    STORED
  }

  /** The facts of the finished file. */
  public record Captured(
      CapturedRecording.Cause cause,
      long samples,
      int sampleRateHz,
      int channels,
      long sizeBytes,
      String sha256,
      Optional<String> failure) {

    static Captured of(CapturedRecording recording) {
      return new Captured(
          recording.cause(),
          recording.samples(),
          recording.sampleRateHz(),
          recording.channels(),
          recording.sizeBytes(),
          recording.sha256(),
          recording.failure());
    }
  }

  Manifest captured(CapturedRecording recording) {
    return with(State.CAPTURED, Optional.of(Captured.of(recording)), Optional.empty());
  }

  Manifest stored(URI uri) {
    return with(State.STORED, captured, Optional.of(uri));
  }

  private Manifest with(State next, Optional<Captured> facts, Optional<URI> uri) {
    return new Manifest(
        recordingId,
        callId,
        componentId,
        client,
        dialect,
        format,
        direction,
        key,
        startedAt,
        next,
        facts,
        uri,
        minDuration,
        meta);
  }
}
