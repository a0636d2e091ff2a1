package org.rayo.media.call;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.rayo.media.MediaEvent;

/**
 * Keeps a call's events until somebody listens, and delivers them one at a time, in order, each as
 * a task of its own on the call's queue: a listener that fails harms nothing else.
 */
public final class EventOutbox {

  private final Executor queue;
  private final Queue<MediaEvent> waiting = new ArrayDeque<>();
  private Optional<Consumer<MediaEvent>> listener = Optional.empty();

  public EventOutbox(Executor queue) {
    this.queue = queue;
  }

  /** From any thread. */
  public void listen(Consumer<MediaEvent> newListener) {
    queue.execute(
        () -> {
          if (listener.isPresent()) {
            throw new IllegalStateException("the call has a listener already");
          }
          listener = Optional.of(newListener);
          while (!waiting.isEmpty()) {
            put(waiting.remove());
          }
        });
  }

  /** On the queue. */
  public void put(MediaEvent event) {
    if (listener.isPresent()) {
      Consumer<MediaEvent> to = listener.get();
      queue.execute(() -> to.accept(event));
    } else {
      waiting.add(event);
    }
  }
}
