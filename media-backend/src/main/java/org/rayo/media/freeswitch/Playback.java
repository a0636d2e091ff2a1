package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaException;
import org.rayo.media.MediaOutput;
import org.rayo.media.OutputRequest;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One output: its steps one after the other, as many rounds as asked for. Its state changes on the
 * queue only.
 */
final class Playback implements MediaOutput {

  private static final Logger log = LoggerFactory.getLogger(Playback.class);

  /** FreeSWITCH's own limits of volume and speed. */
  private static final int MOST_VOLUME = 4;

  private static final int MOST_SPEED = 2;

  /** Hears of its end, on the queue. */
  interface Owner {
    void done(Playback playback, OutputEnd reason, Optional<String> failure);
  }

  /** A step that FreeSWITCH has taken. */
  private record Taken(String id, long nanos) {}

  /** FreeSWITCH leaves off at once. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(3);

  /** FreeSWITCH runs what it has taken at once. */
  private static final long SURELY_RUNS_NANOS = 1_000_000_000;

  /** Where it is. */
  private enum State {
    /** Another one plays. */
    WAITING,
    /** A step is with FreeSWITCH. */
    PLAYING,
    /** Between two rounds. */
    RESTING,
    /** It is its turn, and it is paused. */
    HELD,
    /** Ended for the one who asked; FreeSWITCH still has to leave off. */
    STOPPING,
    OVER
  }

  private final OutputRequest request;
  private final List<PlayScript.Step> steps;
  private final Player player;
  private final CallQueue queue;
  private final Owner owner;
  private final Deadline rest;
  private final Deadline limit;

  private State state = State.WAITING;
  private boolean paused;
  private int round;
  private int step;
  private int plays;
  private Optional<Taken> taken = Optional.empty();
  private boolean offsetDone;
  private int volume;
  private int speed;
  private OutputEnd ending = OutputEnd.FINISH;
  private long remainingNanos;
  private long runningSinceNanos;

  Playback(
      OutputRequest request,
      List<PlayScript.Step> steps,
      Player player,
      CallQueue queue,
      ScheduledExecutorService timers,
      Owner owner) {
    this.request = request;
    this.steps = List.copyOf(steps);
    this.player = player;
    this.queue = queue;
    this.owner = owner;
    this.rest = new Deadline(timers);
    this.limit = new Deadline(timers);
    this.paused = request.startPaused();
    this.offsetDone = request.startOffset().isZero();
    this.remainingNanos = request.maxTime().map(Duration::toNanos).orElse(Long.MAX_VALUE);
  }

  String outputId() {
    return request.outputId();
  }

  boolean isPlaying() {
    return state == State.PLAYING || state == State.STOPPING;
  }

  /** It is its turn. */
  void begin() {
    if (paused) {
      state = State.HELD;
    } else {
      countTime();
      play();
    }
  }

  private void play() {
    state = State.PLAYING;
    plays++;
    String id = id();
    CompletionStage<Void> unused =
        player
            .play(steps.get(step), id)
            .handleAsync(
                (accepted, failure) -> {
                  if (failure != null) {
                    ended(id, Optional.of(String.valueOf(failure.getMessage())));
                  } else {
                    taken = Optional.of(new Taken(id, System.nanoTime()));
                  }
                  return null;
                },
                queue);
  }

  private String id() {
    return request.outputId() + "." + plays;
  }

  /** FreeSWITCH has begun with a file. */
  void playing() {
    if (state == State.PLAYING) {
      if (!offsetDone) {
        offsetDone = true;
        CompletionStage<Void> unused = player.seek(request.startOffset().toMillis(), true);
      }
      if (volume != 0) {
        CompletionStage<Void> unused = player.volume(volume);
      }
      if (speed != 0) {
        CompletionStage<Void> unused = player.speed(speed);
      }
    }
  }

  /** FreeSWITCH has ended a step. */
  void ended(String id, Optional<String> failure) {
    if (!id.equals(id())) {
      return;
    }
    if (state == State.STOPPING) {
      over(ending, Optional.empty());
    } else if (state == State.PLAYING) {
      if (failure.isPresent()) {
        over(OutputEnd.ERROR, failure);
      } else {
        next();
      }
    }
  }

  /** The step that has been with FreeSWITCH for so long that it must be running, or over. */
  Optional<String> shown() {
    return taken
        .filter(play -> isPlaying() && play.id().equals(id()))
        .filter(play -> System.nanoTime() - play.nanos() > SURELY_RUNS_NANOS)
        .map(Taken::id);
  }

  /** The step that is with FreeSWITCH has ended, and that was not heard. */
  void missedItsEnd() {
    ended(id(), Optional.empty());
  }

  private void next() {
    step++;
    if (step < steps.size()) {
      playOrHold();
      return;
    }
    step = 0;
    round++;
    if (request.repeatTimes() != 0 && round >= request.repeatTimes()) {
      over(OutputEnd.FINISH, Optional.empty());
    } else if (request.repeatInterval().isZero()) {
      playOrHold();
    } else {
      state = State.RESTING;
      rest.set(request.repeatInterval(), () -> queue.execute(this::rested));
    }
  }

  private void rested() {
    if (state == State.RESTING) {
      playOrHold();
    }
  }

  private void playOrHold() {
    if (paused) {
      state = State.HELD;
    } else {
      play();
    }
  }

  /** Something else makes an end of it. */
  void fail(String why) {
    if (state != State.OVER) {
      over(OutputEnd.ERROR, Optional.of(why));
    }
  }

  void callEnded() {
    if (state == State.STOPPING) {
      over(ending, Optional.empty());
    } else if (state != State.OVER) {
      over(OutputEnd.HANGUP, Optional.empty());
    }
  }

  private void over(OutputEnd reason, Optional<String> failure) {
    state = State.OVER;
    rest.clear();
    limit.clear();
    owner.done(this, reason, failure);
  }

  private void countTime() {
    if (request.maxTime().isPresent() && !limit.isSet()) {
      runningSinceNanos = System.nanoTime();
      limit.set(
          Duration.ofNanos(Math.max(0, remainingNanos)),
          () -> queue.execute(() -> end(OutputEnd.MAX_TIME)));
    }
  }

  private void stopTime() {
    if (limit.isSet()) {
      limit.clear();
      remainingNanos -= System.nanoTime() - runningSinceNanos;
    }
  }

  private void end(OutputEnd reason) {
    switch (state) {
      case PLAYING -> {
        ending = reason;
        state = State.STOPPING;
        limit.set(STOPS_WITHIN, () -> queue.execute(this::stopped));
        CompletionStage<Void> unused =
            player
                .stop()
                .handleAsync(
                    (stopped, failure) -> {
                      if (failure != null && state == State.STOPPING) {
                        log.debug("output {}: {}", outputId(), failure.getMessage());
                        over(reason, Optional.empty());
                      }
                      return null;
                    },
                    queue);
      }
      case WAITING, RESTING, HELD -> over(reason, Optional.empty());
      case STOPPING, OVER -> {}
    }
  }

  /** FreeSWITCH was told to leave off, and has not said that it did. */
  private void stopped() {
    if (state == State.STOPPING) {
      over(ending, Optional.empty());
    }
  }

  @Override
  public CompletionStage<Void> pause() {
    return command(
        () -> {
          if (paused) {
            return Stages.done();
          }
          paused = true;
          stopTime();
          return state == State.PLAYING ? player.togglePause() : Stages.done();
        });
  }

  @Override
  public CompletionStage<Void> resume() {
    return command(
        () -> {
          if (!paused) {
            return Stages.done();
          }
          paused = false;
          if (state == State.PLAYING) {
            countTime();
            return player.togglePause();
          }
          if (state == State.HELD) {
            begin();
          } else if (state == State.RESTING) {
            countTime();
          }
          return Stages.done();
        });
  }

  @Override
  public CompletionStage<Void> speedUp() {
    return command(() -> changeSpeed(1));
  }

  @Override
  public CompletionStage<Void> speedDown() {
    return command(() -> changeSpeed(-1));
  }

  private CompletionStage<Void> changeSpeed(int by) {
    if (isSpeech()) {
      return unsupported("the speed of speech");
    }
    if (Math.abs(speed + by) > MOST_SPEED) {
      return Stages.done();
    }
    speed += by;
    return state == State.PLAYING ? player.speed(by) : Stages.done();
  }

  @Override
  public CompletionStage<Void> volumeUp() {
    return command(() -> changeVolume(1));
  }

  @Override
  public CompletionStage<Void> volumeDown() {
    return command(() -> changeVolume(-1));
  }

  private CompletionStage<Void> changeVolume(int by) {
    if (isSpeech()) {
      return unsupported("the volume of speech");
    }
    if (Math.abs(volume + by) > MOST_VOLUME) {
      return Stages.done();
    }
    volume += by;
    return state == State.PLAYING ? player.volume(by) : Stages.done();
  }

  @Override
  public CompletionStage<Void> seek(Duration by) {
    return command(
        () -> {
          if (state == State.PLAYING && !steps.get(step).canBeSought()) {
            return unsupported("places in more than one file, or in speech,");
          }
          return state == State.PLAYING ? player.seek(by.toMillis(), false) : Stages.done();
        });
  }

  private boolean isSpeech() {
    return steps.get(step).kind() == PlayScript.Step.Kind.SPEAK;
  }

  @Override
  public CompletionStage<Void> stop() {
    return command(
        () -> {
          end(OutputEnd.STOP);
          return Stages.done();
        });
  }

  private static CompletionStage<Void> unsupported(String what) {
    return Stages.failed(
        MediaException.Fault.UNSUPPORTED, "output: FreeSWITCH does not change " + what);
  }

  /** On the queue; of one that has ended nothing is asked any more. */
  private CompletionStage<Void> command(Stages.Command<Void> command) {
    return Stages.asked(
        queue,
        () -> state == State.OVER || state == State.STOPPING ? Stages.done() : command.run());
  }

  @Override
  public String toString() {
    return "output " + request.outputId() + ": " + state;
  }
}
