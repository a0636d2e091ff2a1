package org.rayo.media;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A recording whose capture has ended: the file is complete, synced and closed, unless {@code
 * finished} says otherwise.
 *
 * @param file the finished file
 * @param cause the one reason for which it ended
 * @param samples per channel, as written into the file
 * @param sizeBytes of the file
 * @param failure what went wrong, in words, exactly when {@code cause} is {@link Cause#ERROR}; the
 *     file then plays up to that point
 * @param finished false when the disk did not let the file be finished before the server had to
 *     shut down, or not at all. Then {@code samples} and {@code sizeBytes} are 0, {@code cause} is
 *     {@link Cause#ERROR}, and none of it describes the file. Nothing more is written into that,
 *     but for what a disk that hangs has begun: it is to be repaired as after a crash
 * @param participants who of a mixer's was there, and who spoke, when the request asked for that;
 *     ends where the file does. Empty when it is not finished
 */
public record CapturedRecording(
    String recordingId,
    Path file,
    AudioFormat format,
    Cause cause,
    long samples,
    int sampleRateHz,
    int channels,
    long sizeBytes,
    Optional<String> failure,
    boolean finished,
    Optional<ParticipantTimeline> participants) {

  public CapturedRecording {
    if (samples < 0 || sampleRateHz <= 0 || sizeBytes < 0) {
      throw new IllegalArgumentException(
          "samples=" + samples + " sampleRateHz=" + sampleRateHz + " sizeBytes=" + sizeBytes);
    }
    if (failure.isPresent() != (cause == Cause.ERROR)) {
      throw new IllegalArgumentException("cause is " + cause + " but the failure is " + failure);
    }
    if (!finished && (failure.isEmpty() || samples != 0 || sizeBytes != 0)) {
      throw new IllegalArgumentException(
          "not finished, but samples=" + samples + " sizeBytes=" + sizeBytes + " " + failure);
    }
  }

  /** Of which no participants are told. */
  public CapturedRecording(
      String recordingId,
      Path file,
      AudioFormat format,
      Cause cause,
      long samples,
      int sampleRateHz,
      int channels,
      long sizeBytes,
      Optional<String> failure,
      boolean finished) {
    this(
        recordingId,
        file,
        format,
        cause,
        samples,
        sampleRateHz,
        channels,
        sizeBytes,
        failure,
        finished,
        Optional.empty());
  }

  /** With a finished file. */
  public CapturedRecording(
      String recordingId,
      Path file,
      AudioFormat format,
      Cause cause,
      long samples,
      int sampleRateHz,
      int channels,
      long sizeBytes,
      Optional<String> failure) {
    this(
        recordingId,
        file,
        format,
        cause,
        samples,
        sampleRateHz,
        channels,
        sizeBytes,
        failure,
        true);
  }

  /** With these participants. */
  public CapturedRecording with(Optional<ParticipantTimeline> participants) {
    return new CapturedRecording(
        recordingId,
        file,
        format,
        cause,
        samples,
        sampleRateHz,
        channels,
        sizeBytes,
        failure,
        finished,
        participants);
  }

  /** The length to the millisecond, rounded half up from the samples. */
  public Duration duration() {
    return Duration.ofMillis((samples * 1000 + sampleRateHz / 2) / sampleRateHz);
  }

  /**
   * The same file, ended by an error, whatever ended it before.
   *
   * @param failure in words, unless it had failed already, which is then what went wrong
   */
  public CapturedRecording failed(String failure) {
    return new CapturedRecording(
        recordingId,
        file,
        format,
        Cause.ERROR,
        samples,
        sampleRateHz,
        channels,
        sizeBytes,
        Optional.of(this.failure.orElse(failure)),
        finished,
        participants);
  }

  /** Why a recording ended. The first cause to come wins. */
  public enum Cause {
    /** {@link MediaRecording#stop}. */
    STOP,
    /** The call ended. */
    HANGUP,
    MAX_DURATION,
    INITIAL_TIMEOUT,
    FINAL_TIMEOUT,
    /** The caller pressed one of {@link RecordingRequest.Handling#stopKeys}. */
    STOP_KEY,
    /** The file could not be written, or the media path failed. */
    ERROR
  }
}
