package org.rayo.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** The mailbox of a Pekko actor. */
class ActorMailbox<M> implements Mailbox<M> {

  /** No call lasts so long; the actor system's timers know no time beyond 248 days. */
  private static final Duration LONGEST = Duration.ofDays(200);

  private final ActorContext<M> context;
  private final TimerScheduler<M> timers;

  ActorMailbox(ActorContext<M> context, TimerScheduler<M> timers) {
    this.context = context;
    this.timers = timers;
  }

  @Override
  public void tell(M message) {
    context.getSelf().tell(message);
  }

  @Override
  public <T> void tellOf(CompletionStage<T> stage, BiFunction<T, Optional<Throwable>, M> message) {
    context.pipeToSelf(
        stage, (value, failure) -> message.apply(value, Optional.ofNullable(failure)));
  }

  @Override
  public void startTimer(String name, M message, Duration time) {
    timers.startSingleTimer(name, message, time.compareTo(LONGEST) < 0 ? time : LONGEST);
  }

  @Override
  public void stopTimer(String name) {
    timers.cancel(name);
  }
}
