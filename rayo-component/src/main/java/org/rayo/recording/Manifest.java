package org.rayo.recording;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.nio.file.Path;
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
 * @param announcement what its client is told, once that is decided
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
    Optional<Announcement> announcement,
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
    Objects.requireNonNull(announcement, "announcement");
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

  /** The facts of the finished file. Older versions wrote its checksum too. */
  @JsonIgnoreProperties("sha256")
  public record Captured(
      CapturedRecording.Cause cause,
      long samples,
      int sampleRateHz,
      int channels,
      long sizeBytes,
      Optional<String> failure) {

    static Captured of(CapturedRecording recording) {
      return new Captured(
          recording.cause(),
          recording.samples(),
          recording.sampleRateHz(),
          recording.channels(),
          recording.sizeBytes(),
          recording.failure());
    }
  }

  /**
   * The {@code <complete/>}, as far as it is not told by {@link Captured}. Decided once: what is
   * sent again is the same.
   *
   * @param uri where the recording can be read; empty when it cannot
   * @param at when it was decided, the event's stamp
   * @param confirmed the client has been told; a recording like that is only kept because its place
   *     in the spool has been given out
   */
  public record Announcement(Optional<URI> uri, Instant at, boolean confirmed) {
    public Announcement {
      Objects.requireNonNull(uri, "uri");
      Objects.requireNonNull(at, "at");
    }
  }

  /** What was captured into this file, once capture has ended. */
  Optional<CapturedRecording> captured(Path file) {
    return captured.map(
        facts ->
            new CapturedRecording(
                recordingId,
                file,
                format,
                facts.cause(),
                facts.samples(),
                facts.sampleRateHz(),
                facts.channels(),
                facts.sizeBytes(),
                facts.failure()));
  }

  Manifest captured(CapturedRecording recording) {
    return with(State.CAPTURED, Optional.of(Captured.of(recording)), storedAt, announcement);
  }

  Manifest stored(URI uri) {
    return with(State.STORED, captured, Optional.of(uri), announcement);
  }

  Manifest announcing(Optional<URI> uri, Instant at) {
    return with(state, captured, storedAt, Optional.of(new Announcement(uri, at, false)));
  }

  Manifest confirmed() {
    return with(
        state,
        captured,
        storedAt,
        announcement.map(told -> new Announcement(told.uri(), told.at(), true)));
  }

  private Manifest with(
      State next,
      Optional<Captured> facts,
      Optional<URI> uri,
      Optional<Announcement> announcement) {
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
        announcement,
        minDuration,
        meta);
  }
}
