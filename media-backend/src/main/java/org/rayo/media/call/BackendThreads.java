package org.rayo.media.call;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a backend: a fixed few, however many calls there are. */
public final class BackendThreads {

  private BackendThreads() {}

  /**
   * Threads that end when they have had nothing to do for a while, and need no shutting down.
   *
   * @param count at most
   * @param name each is called that, and a number
   */
  public static ThreadPoolExecutor pool(int count, String name) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** One thread for what is due later; what is cancelled is forgotten at once. */
  public static ScheduledThreadPoolExecutor timer(String name) {
    ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, named(name));
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
