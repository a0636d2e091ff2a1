package org.rayo.media;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A running output. Thread safe; no method blocks. Commands to one that has ended complete without
 * effect: who asks learns of the end by {@link MediaEvent.OutputEnded}.
 */
public interface MediaOutput {

  /** Plays nothing, and keeps the place. Time that passes counts for no limit. */
  CompletionStage<Void> pause();

  /** Goes on where it was paused. */
  CompletionStage<Void> resume();

  /** A step faster, of the same pitch. */
  CompletionStage<Void> speedUp();

  /** A step slower, of the same pitch. */
  CompletionStage<Void> speedDown();

  /** A step louder. */
  CompletionStage<Void> volumeUp();

  /** A step softer. */
  CompletionStage<Void> volumeDown();

  /**
   * Moves the place, within all that is played once: not before its start, and beyond its end is at
   * its end.
   *
   * @param by negative is back
   */
  CompletionStage<Void> seek(Duration by);

  /** Ends it with {@link MediaEvent.OutputEnd#STOP}. Completes at once, not at the end. */
  CompletionStage<Void> stop();
}
