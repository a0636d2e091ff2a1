package org.rayo.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * How an actor tells itself what is to be handled later. The first two methods are thread safe.
 *
 * @param <M> what it is told
 */
interface Mailbox<M> {

  /** Puts a message behind all that wait. */
  void tell(M message);

  /**
   * Puts a message behind all that wait, once the stage is complete.
   *
   * @param message from the stage's value, or from its failure; then the value is not to be looked
   *     at
   */
  <T> void tellOf(CompletionStage<T> stage, BiFunction<T, Optional<Throwable>, M> message);

  /** The message is to come after this time, and none that was asked for under the same name. */
  void startTimer(String name, M message, Duration time);

  /** What was asked for under this name is not to come. */
  void stopTimer(String name);
}
