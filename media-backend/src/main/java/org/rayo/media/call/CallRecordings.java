package org.rayo.media.call;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.recorder.RunningRecording;

/** The recordings of one call, and their end with it. Used on the call's queue only. */
public final class CallRecordings {

  private final Recorders recorders;
  private final CallQueue queue;
  private final EventOutbox events;
  private final Set<RunningRecording> running = new HashSet<>();
  private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
  private int unfinished;
  private boolean callIsOver;

  public CallRecordings(Recorders recorders, CallQueue queue, EventOutbox events) {
    this.recorders = recorders;
    this.queue = queue;
    this.events = events;
  }

  /**
   * Starts one.
   *
   * @param started completed on the queue, before its end is told
   */
  public void start(
      RecordingRequest request,
      RecordingTarget target,
      CallAudio audio,
      CompletableFuture<MediaRecording> started) {
    start(request, target, audio, started, () -> {});
  }

  /**
   * The same.
   *
   * @param over runs on the queue when it needs the audio no more, begun or not
   */
  public void start(
      RecordingRequest request,
      RecordingTarget target,
      CallAudio audio,
      CompletableFuture<MediaRecording> started,
      Runnable over) {
    unfinished++;
    CompletableFuture<RunningRecording> known = new CompletableFuture<>();
    CompletionStage<RunningRecording> starting =
        recorders.start(request, target, audio, captured -> captured(captured, known, over));
    CompletionStage<RunningRecording> unused =
        starting.whenComplete(
            (recording, failure) ->
                queue.execute(
                    () -> {
                      if (failure == null) {
                        began(recording);
                        started.complete(recording);
                        known.complete(recording);
                      } else {
                        over.run();
                        finishedOne();
                        started.completeExceptionally(mediaException(failure));
                      }
                    }));
  }

  /** The call is over, its audio delivered: they end with it. */
  public void callEnded() {
    callIsOver = true;
    running.forEach(RunningRecording::callEnded);
    completeIfNoneIsLeft();
  }

  /** Completes when the call is over and the end of every recording has been told. */
  public CompletableFuture<Void> allEnded() {
    return allEnded;
  }

  /** Whether none runs or is about to begin. */
  public boolean isIdle() {
    return unfinished == 0;
  }

  public int count() {
    return running.size();
  }

  private void began(RunningRecording recording) {
    running.add(recording);
    if (callIsOver) {
      recording.callEnded();
    }
  }

  /** On a thread of the recorder's. Whoever asked for it must first know that it began. */
  private void captured(
      CapturedRecording captured, CompletableFuture<RunningRecording> known, Runnable over) {
    CompletableFuture<Void> unused =
        known.thenAccept(
            recording ->
                queue.execute(
                    () -> {
                      running.remove(recording);
                      over.run();
                      events.put(new MediaEvent.RecordingEnded(captured));
                      finishedOne();
                    }));
  }

  private void finishedOne() {
    unfinished--;
    completeIfNoneIsLeft();
  }

  private void completeIfNoneIsLeft() {
    if (callIsOver && unfinished == 0) {
      allEnded.complete(null);
    }
  }

  private static MediaException mediaException(Throwable failure) {
    return failure instanceof MediaException expected
        ? expected
        : new MediaException(
            MediaException.Fault.FAILED, "recording cannot start: " + failure, failure);
  }
}
