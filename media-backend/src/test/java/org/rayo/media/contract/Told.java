package org.rayo.media.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaParty;

/** What a test is told of a call or a mixer. */
final class Told {

  private final List<MediaEvent> events = new ArrayList<>();

  static Told of(MediaParty party) {
    Told told = new Told();
    party.listen(told::heard);
    return told;
  }

  private synchronized void heard(MediaEvent event) {
    events.add(event);
    notifyAll();
  }

  /** All that came and was not taken, but changes of the dialog. */
  synchronized List<MediaEvent> rest() {
    return events.stream().filter(e -> !(e instanceof MediaEvent.DialogChanged)).toList();
  }

  /** Takes the first of this kind; others stay. */
  <E extends MediaEvent> E await(Class<E> kind) throws InterruptedException {
    return await(kind, event -> true);
  }

  /** Takes the first of this kind that is as it should be; others stay. */
  synchronized <E extends MediaEvent> E await(Class<E> kind, Predicate<E> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(World.PATIENCE_SECONDS);
    while (true) {
      for (MediaEvent event : events) {
        if (kind.isInstance(event) && wanted.test(kind.cast(event))) {
          events.remove(event);
          return kind.cast(event);
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no " + kind.getSimpleName() + " among " + events);
      }
      wait(left);
    }
  }

  MediaEvent.Ended awaitEnd() throws InterruptedException {
    return await(MediaEvent.Ended.class);
  }

  static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(World.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Why it failed. */
  static MediaException.Fault fault(CompletionStage<?> stage) throws Exception {
    try {
      Object result = done(stage);
      throw new AssertionError("it did not fail, but gave " + result);
    } catch (ExecutionException e) {
      return ((MediaException) e.getCause()).fault();
    }
  }
}
