package org.rayo.recording;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.recording.Manifest.Announcement;

/**
 * What call control asks for in the life of a recording: to begin it, to deliver what was captured,
 * and to know that its client has been told. Thread safe; nothing blocks.
 */
public interface Recordings {

  /**
   * A recording at its end.
   *
   * @param captured with {@link CapturedRecording.Cause#ERROR} when nothing of it can be read,
   *     unless its client does not want it because it is too short
   * @param told what its client is told, today and after a crash
   */
  record Finished(Manifest manifest, CapturedRecording captured, Announcement told) {

    /** Nothing can be read: whatever the reason was to end it, the client learns of an error. */
    public static Finished lost(Manifest manifest, CapturedRecording captured, Instant at) {
      return new Finished(
          manifest, captured.failed("the recording's file is lost"), Announcement.nowhere(at));
    }

    /** Where it can be read; empty when it cannot. */
    public Optional<URI> uri() {
      return told.uri();
    }

    /** The uri as a log may show it: without what gives access to whoever reads it. */
    public String shownUri() {
      return uri().map(Uris::shown).orElse("no place");
    }

    /** When it was decided what the client is told. */
    public Instant at() {
      return told.at();
    }
  }

  /**
   * Begins a recording: first its manifest is on the disk, then capture starts.
   *
   * @param request what is to be recorded; the spool must have room for it
   * @param capture starts it into the given target
   * @return fails with {@link JournalException}, with {@link java.util.concurrent.TimeoutException}
   *     when the disk takes too long, or with what {@code capture} failed with; then nothing of the
   *     recording remains
   */
  CompletionStage<MediaRecording> begin(
      Manifest manifest,
      RecordingRequest request,
      Function<RecordingTarget, CompletionStage<MediaRecording>> capture);

  /**
   * Capture has ended: brings the file to where its client can read it, or discards it if it is
   * shorter than its client wants. Trouble on the way costs time, not the recording, so this never
   * fails.
   */
  CompletionStage<Finished> finish(Manifest manifest, CapturedRecording captured);

  /**
   * Goes on with a recording that an earlier run left behind, from where its manifest stands. What
   * was still being captured is repaired, and ends with the error "recovered after a restart".
   *
   * @return as {@link #finish}; empty when its client has been told already
   */
  CompletionStage<Optional<Finished>> recover(Manifest manifest);

  /**
   * The client has been told: the spool has no more use for a recording that every store has, or
   * that cannot be read.
   */
  void announced(Finished finished);
}
