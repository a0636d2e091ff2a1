package org.rayo.media.freeswitch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaException;
import org.rayo.media.MediaOutput;
import org.rayo.media.OutputRequest;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.EventOutbox;

/**
 * The outputs of one call or mixer. FreeSWITCH plays one thing at a time, so the others wait their
 * turn, in the order of their coming. On the queue.
 */
final class Playbacks {

  /** The applications that play. */
  private static final Set<String> PLAYING = Set.of("playback", "speak");

  private final Player player;
  private final PlayScript script;
  private final CallQueue queue;
  private final EventOutbox events;
  private final ScheduledExecutorService timers;
  private final Deque<Playback> inTurn = new ArrayDeque<>();
  private final Map<Playback, Runnable> released = new HashMap<>();
  private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
  private int starting;
  private boolean over;

  Playbacks(
      Player player,
      PlayScript script,
      CallQueue queue,
      EventOutbox events,
      ScheduledExecutorService timers) {
    this.player = player;
    this.script = script;
    this.queue = queue;
    this.events = events;
    this.timers = timers;
  }

  /**
   * Starts one, when all files of it are there.
   *
   * @param started completed on the queue, before its end is told
   */
  void start(OutputRequest request, CompletableFuture<MediaOutput> started) throws MediaException {
    start(request, started, () -> {});
  }

  /**
   * The same.
   *
   * @param after runs when it is over, begun or not; not when this throws
   */
  void start(OutputRequest request, CompletableFuture<MediaOutput> started, Runnable after)
      throws MediaException {
    List<PlayScript.Step> round = script.of(request.segments());
    starting++;
    CompletionStage<List<PlayScript.Step>> there = allThere(round);
    CompletionStage<Void> unused =
        there.handleAsync(
            (steps, failure) -> {
              starting--;
              if (failure != null) {
                after.run();
                started.completeExceptionally(Stages.mediaException(failure));
              } else if (over) {
                after.run();
                started.completeExceptionally(
                    new MediaException(MediaException.Fault.GONE, "output: the call is over"));
              } else {
                Playback playback = new Playback(request, steps, player, queue, timers, this::done);
                released.put(playback, after);
                started.complete(playback);
                inTurn.add(playback);
                if (inTurn.peek() == playback) {
                  playback.begin();
                }
              }
              completeIfNoneIsLeft();
              return null;
            },
            queue);
  }

  /** The steps, with the alternative in place of what is not there. */
  private CompletionStage<List<PlayScript.Step>> allThere(List<PlayScript.Step> steps) {
    CompletionStage<List<PlayScript.Step>> all =
        CompletableFuture.completedStage(List.<PlayScript.Step>of());
    for (PlayScript.Step step : steps) {
      all = all.thenCompose(before -> there(step).thenApply(these -> joined(before, these)));
    }
    return all;
  }

  private CompletionStage<List<PlayScript.Step>> there(PlayScript.Step step) {
    if (step.kind() == PlayScript.Step.Kind.SPEAK) {
      return player
          .canSpeak(step.engine())
          .thenCompose(
              can ->
                  can
                      ? CompletableFuture.completedStage(List.of(step))
                      : Stages.failed(
                          MediaException.Fault.UNSUPPORTED,
                          "output: FreeSWITCH has no speech engine " + step.engine()));
    }
    CompletionStage<Optional<String>> missing = CompletableFuture.completedStage(Optional.empty());
    for (String file : step.files()) {
      missing =
          missing.thenCompose(
              already ->
                  already.isPresent()
                      ? CompletableFuture.completedStage(already)
                      : player
                          .hasFile(file)
                          .thenApply(is -> is ? Optional.<String>empty() : Optional.of(file)));
    }
    return missing.thenCompose(
        file -> {
          if (file.isEmpty()) {
            return CompletableFuture.completedStage(List.of(step));
          }
          if (!step.alternative().isEmpty()) {
            return allThere(step.alternative());
          }
          return CompletableFuture.failedStage(
              new MediaException(
                  MediaException.Fault.REFUSED,
                  "output: FreeSWITCH has no file '" + file.get() + "'"));
        });
  }

  private static List<PlayScript.Step> joined(
      List<PlayScript.Step> before, List<PlayScript.Step> after) {
    List<PlayScript.Step> all = new ArrayList<>(before);
    all.addAll(after);
    return all;
  }

  /**
   * FreeSWITCH has ended a step.
   *
   * @param failure why it could not be played, if it could not
   */
  void ended(String id, Optional<String> failure) {
    if (!inTurn.isEmpty()) {
      inTurn.peek().ended(id, failure);
    }
  }

  /** FreeSWITCH has ended what it played, without saying which. */
  void endedCurrent() {
    if (!inTurn.isEmpty()) {
      inTurn.peek().missedItsEnd();
    }
  }

  /** FreeSWITCH has begun to play a file. */
  void began() {
    if (!inTurn.isEmpty()) {
      inTurn.peek().playing();
    }
  }

  /** What has been played for so long that FreeSWITCH shows it, if its end was not missed. */
  Optional<String> shown() {
    return inTurn.isEmpty() ? Optional.empty() : inTurn.peek().shown();
  }

  /**
   * Events may have been missed, and the channel runs this application now: when it plays nothing,
   * what should be playing is over.
   *
   * @param shown before FreeSWITCH was asked
   */
  void looked(Optional<String> shown, String application) {
    if (shown.isPresent() && shown.equals(shown()) && !PLAYING.contains(application)) {
      ended(shown.get(), Optional.empty());
    }
  }

  /** Something else makes an end of what plays. */
  void interrupted(String by) {
    List.copyOf(inTurn).forEach(playback -> playback.fail(by));
  }

  /** Nobody knows what has become of what plays. */
  void lost(String why) {
    if (!inTurn.isEmpty()) {
      inTurn.peek().fail(why);
    }
  }

  /** The call is over: they end with it. */
  void callEnded() {
    over = true;
    List.copyOf(inTurn).forEach(Playback::callEnded);
    completeIfNoneIsLeft();
  }

  /** Completes when the call is over and the end of every output has been told. */
  CompletableFuture<Void> allEnded() {
    return allEnded;
  }

  /** Whether something plays, so that nothing else can. */
  boolean isPlaying() {
    return !inTurn.isEmpty() && inTurn.peek().isPlaying();
  }

  int count() {
    return inTurn.size();
  }

  private void done(Playback playback, OutputEnd reason, Optional<String> failure) {
    boolean first = inTurn.peek() == playback;
    if (inTurn.remove(playback)) {
      Optional.ofNullable(released.remove(playback)).ifPresent(Runnable::run);
      events.put(new MediaEvent.OutputEnded(playback.outputId(), reason, failure));
      if (first && !over && !inTurn.isEmpty()) {
        inTurn.peek().begin();
      }
      completeIfNoneIsLeft();
    }
  }

  private void completeIfNoneIsLeft() {
    if (over && inTurn.isEmpty() && starting == 0) {
      allEnded.complete(null);
    }
  }
}
