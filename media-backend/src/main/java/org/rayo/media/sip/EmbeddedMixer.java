package org.rayo.media.sip;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.rayo.media.DetectionRequest;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;
import org.rayo.media.MediaOutput;
import org.rayo.media.MediaRecording;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.Signal;
import org.rayo.media.audio.G711;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.bridge.Joins;
import org.rayo.media.bridge.Mixer;
import org.rayo.media.call.CallDetections;
import org.rayo.media.call.CallOutputs;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.CallRecordings;
import org.rayo.media.call.EventOutbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mixer of this backend's calls. Commands go through its queue, as a call's do. */
final class EmbeddedMixer implements MediaMixer {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedMixer.class);

  private final String name;
  private final Joins joins;
  private final CallQueue queue;
  private final EventOutbox events;
  private final CallRecordings recordings;
  private final CallDetections detections;
  private final CallOutputs outputs;
  private final Mixer mixer;
  private boolean closed;

  /** One that mixes from now on. */
  EmbeddedMixer(String name, CallEnvironment environment, MediaThread thread) {
    this.name = name;
    joins = environment.joins();
    queue = new CallQueue(environment.workers());
    events = new EventOutbox(queue);
    recordings = new CallRecordings(environment.recorders(), queue, events);
    detections = new CallDetections(queue, events);
    outputs = new CallOutputs(environment.outputs(), queue, events);
    mixer =
        new Mixer(
            name,
            G711.SAMPLE_RATE_HZ,
            thread,
            (participant, speaking) ->
                queue.execute(
                    () -> events.put(new MediaEvent.SpeakingChanged(participant, speaking))));
    mixer.open();
  }

  @Override
  public String name() {
    return name;
  }

  Mixer audio() {
    return mixer;
  }

  Joins joins() {
    return joins;
  }

  @Override
  public void listen(Consumer<MediaEvent> listener) {
    events.listen(listener);
  }

  @Override
  public CompletionStage<MediaRecording> record(RecordingRequest request, RecordingTarget target) {
    return asked("record", started -> recordings.start(request, target, mixer, started));
  }

  @Override
  public CompletionStage<MediaOutput> output(OutputRequest request) {
    return asked("output", started -> outputs.start(request, mixer, started));
  }

  @Override
  public CompletionStage<MediaDetection> detect(DetectionRequest request) {
    if (request.kinds().contains(Signal.Kind.BEEP)) {
      // A beep counts only when it is not what was played, and here both legs are the same.
      return CompletableFuture.failedStage(
          new MediaException(
              MediaException.Fault.UNSUPPORTED, "detect: no beeps are told of a mixer"));
    }
    return asked("detect", started -> started.complete(detections.start(request, mixer)));
  }

  @Override
  public CompletionStage<Void> close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    queue.execute(
        () -> {
          if (!closed) {
            closed = true;
            joins.ended(mixer.party());
            mixer.close();
            detections.callEnded();
            recordings.callEnded();
            outputs.callEnded();
            log.debug("{}: closed", this);
          }
          done.complete(null);
        });
    return done.minimalCompletionStage();
  }

  /** Runs the task once it is closed and the end of all that ran on it has been told. */
  void whenDeparted(Runnable task) {
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(recordings.allEnded(), outputs.allEnded()).thenRun(task);
  }

  private <T> CompletionStage<T> asked(String what, Consumer<CompletableFuture<T>> start) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    queue.execute(
        () -> {
          if (closed) {
            answer.completeExceptionally(
                new MediaException(MediaException.Fault.GONE, what + ": the mixer is closed"));
            return;
          }
          try {
            start.accept(answer);
          } catch (RuntimeException e) { // whoever waits for the command must hear of it
            log.error("{}: a command failed", this, e);
            answer.completeExceptionally(
                new MediaException(MediaException.Fault.FAILED, "unexpected: " + e, e));
          }
        });
    return answer.minimalCompletionStage();
  }

  /** For logs. */
  @Override
  public String toString() {
    return mixer.toString();
  }
}
