package org.rayo.call;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.recording.Manifest;
import org.rayo.recording.Manifest.Announcement;
import org.rayo.recording.Recordings;

/** Recordings whose journal and delivery are driven by hand; no disk. */
final class FakeRecordings implements Recordings {

  /** A recording that waits for its manifest. */
  record Beginning(Manifest manifest, CompletableFuture<Void> journalled) {}

  /** A recording that waits for its delivery. */
  record Finishing(
      Manifest manifest, CapturedRecording captured, CompletableFuture<Finished> done) {

    void deliver() {
      if (manifest.isTooShort(captured)) {
        done.complete(new Finished(manifest, captured, Announcement.nowhere(AT)));
        return;
      }
      done.complete(
          new Finished(
              manifest,
              captured,
              new Announcement(
                  Manifest.Place.STORE,
                  Optional.of(URI.create("file:/recordings/" + manifest.recordingId())),
                  captured.sizeBytes(),
                  AT)));
    }
  }

  static final Instant AT = Instant.parse("2026-01-01T00:00:01Z");

  final List<Beginning> beginnings = new ArrayList<>();
  final List<Finishing> finishings = new ArrayList<>();

  /** What becomes of recordings of an earlier run. */
  final Map<Manifest, Optional<Finished>> recoverable = new HashMap<>();

  final List<Finished> announced = new ArrayList<>();

  /** Journal steps succeed at once. */
  boolean quickJournal = true;

  /** Deliveries succeed at once. */
  boolean quickDelivery = true;

  @Override
  public CompletionStage<MediaRecording> begin(
      Manifest manifest,
      RecordingRequest request,
      Function<RecordingTarget, CompletionStage<MediaRecording>> capture) {
    Beginning beginning = new Beginning(manifest, new CompletableFuture<>());
    beginnings.add(beginning);
    if (quickJournal) {
      beginning.journalled.complete(null);
    }
    RecordingTarget target =
        new RecordingTarget(manifest.recordingId(), Path.of("/spool", manifest.recordingId()));
    return beginning.journalled.thenCompose(done -> capture.apply(target));
  }

  @Override
  public CompletionStage<Finished> finish(Manifest manifest, CapturedRecording captured) {
    Finishing finishing = new Finishing(manifest, captured, new CompletableFuture<>());
    finishings.add(finishing);
    if (quickDelivery) {
      finishing.deliver();
    }
    return finishing.done;
  }

  @Override
  public CompletionStage<Optional<Finished>> recover(Manifest manifest) {
    return CompletableFuture.completedFuture(recoverable.get(manifest));
  }

  @Override
  public void announced(Finished finished) {
    announced.add(finished);
  }
}
