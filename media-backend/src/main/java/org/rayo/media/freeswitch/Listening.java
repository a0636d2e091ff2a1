package org.rayo.media.freeswitch;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rayo.media.DetectionRequest;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.Signal;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.call.CallDetections;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.EventOutbox;
import org.rayo.media.freeswitch.capture.Side;

/**
 * The detections of one call or mixer: keys are FreeSWITCH's to tell, everything else is heard in
 * the audio. On the queue.
 */
final class Listening {

  private final CallQueue queue;
  private final EventOutbox events;
  private final CallDetections heard;
  private final Set<String> keys = new LinkedHashSet<>();

  Listening(CallQueue queue, EventOutbox events) {
    this.queue = queue;
    this.events = events;
    this.heard = new CallDetections(queue, events);
  }

  /** The sides of the audio in which what is asked for is heard; none for keys alone. */
  static Set<Side> sides(DetectionRequest request) {
    Set<Signal.Kind> kinds = withoutKeys(request);
    if (kinds.isEmpty()) {
      return Set.of();
    }
    // What is played to the caller is no beep of theirs.
    return kinds.contains(Signal.Kind.BEEP) ? EnumSet.allOf(Side.class) : EnumSet.of(Side.SAID);
  }

  private static Set<Signal.Kind> withoutKeys(DetectionRequest request) {
    Set<Signal.Kind> kinds = EnumSet.copyOf(request.kinds());
    kinds.remove(Signal.Kind.KEY);
    return kinds;
  }

  /** Starts one that wants keys only. */
  MediaDetection keys(DetectionRequest request) {
    keys.add(request.detectionId());
    return () -> stop(request, Optional.empty(), () -> {});
  }

  /**
   * Starts one that wants more.
   *
   * @param over runs when it needs the audio no more, if it is stopped
   */
  MediaDetection start(DetectionRequest request, CallAudio audio, Runnable over) {
    if (request.kinds().contains(Signal.Kind.KEY)) {
      keys.add(request.detectionId());
    }
    MediaDetection running =
        heard.start(new DetectionRequest(request.detectionId(), withoutKeys(request)), audio);
    AtomicBoolean released = new AtomicBoolean();
    Runnable once =
        () -> {
          if (released.compareAndSet(false, true)) {
            over.run();
          }
        };
    return () -> stop(request, Optional.of(running), once);
  }

  private CompletionStage<Void> stop(
      DetectionRequest request, Optional<MediaDetection> running, Runnable over) {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    queue.execute(
        () -> {
          keys.remove(request.detectionId());
          stopped.complete(null);
        });
    return running
        .map(detection -> detection.stop().thenRun(over).thenCompose(released -> stopped))
        .orElse(stopped.minimalCompletionStage());
  }

  /** A key was pressed. */
  void key(DtmfEvent key) {
    for (String detection : keys) {
      events.put(
          new MediaEvent.Detected(
              detection, new Signal(Signal.Kind.KEY, Optional.of(key.digit()), key.length())));
    }
  }

  /** The call is over: nothing is told any more. */
  void callEnded() {
    keys.clear();
    heard.callEnded();
  }

  int count() {
    return Math.max(keys.size(), heard.count());
  }
}
