package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.rayo.media.call.CallQueue;

/** Plays the beep of a recording to the caller, beside what plays already. */
final class Beeper implements Consumer<Runnable> {

  /** That of the other backend: 1 kHz, 250 ms, a peak of −12 dBFS. */
  static final String BEEP = "tone_stream://v=-12;%(250,0,1000)";

  private static final Duration LENGTH = Duration.ofMillis(250);

  /** FreeSWITCH tells of the end of what it plays; if it does not, nothing waits for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Channel channel;
  private final CallQueue queue;
  private final ScheduledExecutorService timers;
  private final BooleanSupplier busy;
  private final Map<String, Runnable> awaited = new HashMap<>();

  /**
   * @param busy whether the channel plays something, on the queue
   */
  Beeper(Channel channel, CallQueue queue, ScheduledExecutorService timers, BooleanSupplier busy) {
    this.channel = channel;
    this.queue = queue;
    this.timers = timers;
    this.busy = busy;
  }

  /**
   * Beeps.
   *
   * @param done runs once, on any thread
   */
  @Override
  public void accept(Runnable done) {
    queue.execute(
        () -> {
          String id = "beep-" + UUID.randomUUID();
          awaited.put(id, done);
          boolean beside = busy.getAsBoolean();
          CompletionStage<Void> beeping =
              beside ? channel.playBeside(BEEP) : channel.execute("playback", BEEP, id);
          CompletionStage<Void> unused =
              beeping.handle(
                  (taken, failure) -> {
                    Duration wait = beside ? LENGTH : PATIENCE;
                    over(id, failure == null ? wait : Duration.ZERO);
                    return null;
                  });
        });
  }

  private void over(String id, Duration in) {
    try {
      Future<?> unused =
          timers.schedule(
              () -> queue.execute(() -> executed(id)), in.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      queue.execute(() -> executed(id));
    }
  }

  /** FreeSWITCH has ended an application. On the queue. */
  void executed(String id) {
    Runnable done = awaited.remove(id);
    if (done != null) {
      done.run();
    }
  }

  /** On the queue. */
  void callEnded() {
    List.copyOf(awaited.keySet()).forEach(this::executed);
  }
}
