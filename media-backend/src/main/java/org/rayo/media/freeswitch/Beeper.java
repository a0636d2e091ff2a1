package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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

  /** That of the other backend: 1 kHz, 250 ms, a peak of −12 dBFS, 3 dB below its {@code v}. */
  static final String BEEP = "tone_stream://v=-9;%(250,0,1000)";

  private static final Duration LENGTH = Duration.ofMillis(250);

  /** FreeSWITCH tells of the end of what it plays; if it does not, nothing waits for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Channel channel;
  private final CallQueue queue;
  private final ScheduledExecutorService timers;
  private final BooleanSupplier busy;
  private final Deque<Beep> inTurn = new ArrayDeque<>();

  /** One that is to be heard, or is. */
  private record Beep(String id, Runnable done) {}

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
   * Beeps, after those that are to be heard before.
   *
   * @param done runs once, on the queue
   */
  @Override
  public void accept(Runnable done) {
    queue.execute(
        () -> {
          inTurn.add(new Beep("beep-" + UUID.randomUUID(), done));
          if (inTurn.size() == 1) {
            play();
          }
        });
  }

  private void play() {
    String id = inTurn.element().id();
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
    if (!inTurn.isEmpty() && inTurn.element().id().equals(id)) {
      inTurn.remove().done().run();
      if (!inTurn.isEmpty()) {
        play();
      }
    }
  }

  /** Nothing is heard any more. On the queue. */
  void callEnded() {
    List<Beep> left = List.copyOf(inTurn);
    inTurn.clear();
    left.forEach(beep -> beep.done().run());
  }
}
