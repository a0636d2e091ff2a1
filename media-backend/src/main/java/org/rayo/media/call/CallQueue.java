package org.rayo.media.call;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one call's tasks one at a time, in the order they came, on threads it shares with the other
 * calls. Never blocks who hands in a task.
 */
public final class CallQueue implements Executor {

  private static final Logger log = LoggerFactory.getLogger(CallQueue.class);

  private final Executor threads;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  public CallQueue(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (waiting) {
      waiting.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    threads.execute(this::runOne);
  }

  /** One task at a time, so that a busy call does not keep a thread from the others. */
  private void runOne() {
    Runnable task;
    synchronized (waiting) {
      task = waiting.remove();
    }
    try {
      task.run();
    } catch (RuntimeException | Error e) { // the top of a thread, as far as the call is concerned
      log.error("a task of a call failed", e);
    }
    synchronized (waiting) {
      if (waiting.isEmpty()) {
        running = false;
        return;
      }
    }
    threads.execute(this::runOne);
  }
}
