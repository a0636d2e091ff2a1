package org.rayo.media.freeswitch.capture;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.rayo.media.MediaException;

/** Those who wait for sides of a call's audio. Belongs to the media thread. */
final class Openings {

  /** One of them. */
  static final class Opening {
    private final Set<Side> sides;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Opening(Set<Side> sides) {
      this.sides = EnumSet.noneOf(Side.class);
      this.sides.addAll(sides);
    }

    Set<Side> sides() {
      return sides;
    }

    boolean isPending() {
      return !done.isDone();
    }

    void fail(MediaException why) {
      done.completeExceptionally(why);
    }

    CompletionStage<Void> stage() {
      return done.minimalCompletionStage();
    }
  }

  private final List<Opening> waiting = new ArrayList<>();

  void add(Opening opening) {
    waiting.add(opening);
  }

  /** Completes those whose sides are all there. */
  void completeThose(Predicate<Side> isThere) {
    for (Opening opening : List.copyOf(waiting)) {
      if (opening.sides.stream().allMatch(isThere)) {
        waiting.remove(opening);
        opening.done.complete(null);
      }
    }
  }

  /**
   * Fails those who need a side that cannot be had.
   *
   * @return them
   */
  List<Opening> failThose(Side side, MediaException why) {
    List<Opening> failed =
        waiting.stream().filter(opening -> opening.sides.contains(side)).toList();
    waiting.removeAll(failed);
    failed.forEach(opening -> opening.fail(why));
    return failed;
  }

  /**
   * Fails all.
   *
   * @return them
   */
  List<Opening> failAll(MediaException why) {
    List<Opening> failed = List.copyOf(waiting);
    waiting.clear();
    failed.forEach(opening -> opening.fail(why));
    return failed;
  }
}
