package org.rayo.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs things at once, each on a thread of its own. */
public final class AtOnce {

  /** How the names of all its threads begin. */
  public static final String THREADS = "at-once";

  private AtOnce() {}

  /** Waits for all; throws the first failure, with the others suppressed in it. */
  public static <T> List<T> all(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, THREADS);
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<T>> running = new ArrayList<>();
      tasks.forEach(task -> running.add(threads.submit(task)));
      List<T> results = new ArrayList<>();
      List<Throwable> failures = new ArrayList<>();
      for (Future<T> one : running) {
        try {
          results.add(one.get());
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
      if (!failures.isEmpty()) {
        AssertionError failure =
            new AssertionError(
                failures.size() + " of " + tasks.size() + " failed", failures.get(0));
        failures.stream().skip(1).limit(4).forEach(failure::addSuppressed);
        throw failure;
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
