package org.rayo.media.call;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaOutput;
import org.rayo.media.OutputRequest;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.output.Outputs;
import org.rayo.media.output.RunningOutput;

/** The outputs of one call, and their end with it. Used on the call's queue only. */
public final class CallOutputs {

  private final Outputs outputs;
  private final CallQueue queue;
  private final EventOutbox events;
  private final Set<RunningOutput> running = new HashSet<>();
  private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
  private int starting;
  private boolean callIsOver;

  public CallOutputs(Outputs outputs, CallQueue queue, EventOutbox events) {
    this.outputs = outputs;
    this.queue = queue;
    this.events = events;
  }

  /**
   * Starts one.
   *
   * @param started completed on the queue, before its end is told
   */
  public void start(
      OutputRequest request, CallAudio audio, CompletableFuture<MediaOutput> started) {
    starting++;
    CompletableFuture<RunningOutput> known = new CompletableFuture<>();
    CompletionStage<RunningOutput> loading =
        outputs.start(request, audio, queue, event -> ended(event, known));
    CompletionStage<RunningOutput> unused =
        loading.whenComplete(
            (output, failure) ->
                queue.execute(
                    () -> {
                      starting--;
                      if (failure == null) {
                        began(output, started);
                        known.complete(output);
                      } else {
                        started.completeExceptionally(failure);
                      }
                    }));
  }

  /** The call is over: they end with it. What is still being loaded never begins. */
  public void callEnded() {
    callIsOver = true;
    running.forEach(RunningOutput::callEnded);
    completeIfNoneIsLeft();
  }

  /** Completes when the call is over and the end of every output has been told. */
  public CompletableFuture<Void> allEnded() {
    return allEnded;
  }

  /** Whether none runs or is about to begin. */
  public boolean isIdle() {
    return running.isEmpty() && starting == 0;
  }

  public int count() {
    return running.size();
  }

  private void began(RunningOutput output, CompletableFuture<MediaOutput> started) {
    if (callIsOver) {
      output.callEnded();
      started.completeExceptionally(
          new MediaException(MediaException.Fault.GONE, "output: the call is over"));
      return;
    }
    running.add(output);
    started.complete(output);
  }

  /** Whoever asked for it must first know that it began. */
  private void ended(MediaEvent.OutputEnded event, CompletableFuture<RunningOutput> known) {
    CompletableFuture<Void> unused =
        known.thenAccept(
            output ->
                queue.execute(
                    () -> {
                      if (running.remove(output)) {
                        events.put(event);
                        completeIfNoneIsLeft();
                      }
                    }));
  }

  private void completeIfNoneIsLeft() {
    if (callIsOver && running.isEmpty()) {
      allEnded.complete(null);
    }
  }
}
