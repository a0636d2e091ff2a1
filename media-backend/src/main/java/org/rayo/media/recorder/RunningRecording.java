package org.rayo.media.recorder;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaRecording;
import org.rayo.media.audio.CallAudio;

/** A recording that runs: the commands, on their way to the call's media thread. */
public final class RunningRecording implements MediaRecording {

  private final CallAudio audio;
  private final Recorder recorder;
  private final Capture capture;

  RunningRecording(CallAudio audio, Recorder recorder, Capture capture) {
    this.audio = audio;
    this.recorder = recorder;
    this.capture = capture;
  }

  @Override
  public CompletionStage<Void> pause() {
    return onMediaThread(recorder::pause);
  }

  @Override
  public CompletionStage<Void> resume() {
    return onMediaThread(recorder::resume);
  }

  @Override
  public CompletionStage<Void> stop() {
    return onMediaThread(() -> recorder.end(Outcome.of(Cause.STOP)));
  }

  /**
   * The call is over: ends it with {@link Cause#HANGUP}. What has been captured is still written.
   */
  public void callEnded() {
    audio.execute(() -> recorder.end(Outcome.of(Cause.HANGUP)));
  }

  /** Ends it because something broke. */
  void fail(String failure) {
    audio.execute(() -> recorder.end(Outcome.failed(failure)));
  }

  /** Ends it without the media thread, which does not answer. */
  void abandon(String failure) {
    capture.end(Outcome.failed(failure));
  }

  int buffered() {
    return capture.buffered();
  }

  private CompletionStage<Void> onMediaThread(Runnable command) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    audio.execute(
        () -> {
          command.run();
          done.complete(null);
        });
    return done;
  }
}
