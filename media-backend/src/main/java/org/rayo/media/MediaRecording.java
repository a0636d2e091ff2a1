package org.rayo.media;

import java.util.concurrent.CompletionStage;

/**
 * A running recording. Thread safe; no method blocks. Commands to one that has ended complete
 * without effect: who asks learns of the end by {@link MediaEvent.RecordingEnded}.
 */
public interface MediaRecording {

  /** Stops capturing; the file stays open and every timer stands still. */
  CompletionStage<Void> pause();

  /** Captures again, into the same file. */
  CompletionStage<Void> resume();

  /** Ends it with {@link CapturedRecording.Cause#STOP}. Completes at once, not at the end. */
  CompletionStage<Void> stop();
}
