package org.rayo.media.call;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.DetectionRequest;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.Signal;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.detect.SignalTap;

/** The detections of one call, and their end with it. Used on the call's queue only. */
public final class CallDetections {

  private final CallQueue queue;
  private final EventOutbox events;
  private final Set<Running> running = new HashSet<>();

  public CallDetections(CallQueue queue, EventOutbox events) {
    this.queue = queue;
    this.events = events;
  }

  /** Starts one; what it finds is told after this. */
  public MediaDetection start(DetectionRequest request, CallAudio audio) {
    Running detection = new Running(request, audio);
    running.add(detection);
    audio.execute(() -> audio.attach(detection.tap));
    return detection;
  }

  /** The call is over: nothing is told any more. */
  public void callEnded() {
    running.clear();
  }

  public int count() {
    return running.size();
  }

  private final class Running implements MediaDetection {
    private final String detectionId;
    private final CallAudio audio;
    private final SignalTap tap;

    Running(DetectionRequest request, CallAudio audio) {
      detectionId = request.detectionId();
      this.audio = audio;
      tap = new SignalTap(request.kinds(), audio.sampleRateHz(), this::found);
    }

    /** On the media thread. */
    private void found(Signal signal) {
      queue.execute(
          () -> {
            if (running.contains(this)) {
              events.put(new MediaEvent.Detected(detectionId, signal));
            }
          });
    }

    @Override
    public CompletionStage<Void> stop() {
      CompletableFuture<Void> stopped = new CompletableFuture<>();
      queue.execute(
          () -> {
            running.remove(this);
            audio.execute(() -> audio.detach(tap));
            stopped.complete(null);
          });
      return stopped.minimalCompletionStage();
    }
  }
}
