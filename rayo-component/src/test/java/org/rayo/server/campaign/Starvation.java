package org.rayo.server.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long the machine lets the server's media threads wait for a processor. Audio that a server
 * could not take because others had the processors is not lost by a crash, and says nothing about
 * one. On Linux; elsewhere nothing waits.
 *
 * @see <a href="https://docs.kernel.org/scheduler/sched-stats.html">schedstat</a>
 */
final class Starvation implements AutoCloseable {

  private static final Pattern MEDIA = Pattern.compile("rtp-\\d+|encoder-\\d+|spool-writer");
  private static final int EVERY_MILLIS = 250;

  /** What is kept: as much as a kill can cost, and as much again. */
  private static final int WINDOW_MILLIS = 2000;

  private final Path tasks;
  private final Deque<Map<String, Long>> samples = new ArrayDeque<>();
  private volatile boolean closed;

  Starvation(long pid) {
    tasks = Path.of("/proc", Long.toString(pid), "task");
    Thread thread = new Thread(this::watch, "starvation");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    while (!closed) {
      sample();
      CampaignSite.pause(EVERY_MILLIS);
    }
  }

  private synchronized void sample() {
    samples.addLast(waitedNanos());
    while (samples.size() > WINDOW_MILLIS / EVERY_MILLIS + 1) {
      samples.removeFirst();
    }
  }

  /** The most that one of the threads has waited lately. */
  synchronized long millis() {
    sample();
    Map<String, Long> before = samples.getFirst();
    return samples.getLast().entrySet().stream()
            .mapToLong(now -> now.getValue() - before.getOrDefault(now.getKey(), 0L))
            .max()
            .orElse(0)
        / 1_000_000;
  }

  private Map<String, Long> waitedNanos() {
    Map<String, Long> waited = new HashMap<>();
    try (Stream<Path> threads = Files.list(tasks)) {
      for (Path thread : threads.toList()) {
        String name = Files.readString(thread.resolve("comm")).strip();
        if (MEDIA.matcher(name).matches()) {
          String[] figures = Files.readString(thread.resolve("schedstat")).strip().split(" ", 3);
          waited.put(name, Long.parseLong(figures[1]));
        }
      }
    } catch (IOException e) {
      // The process or a thread of it has ended, or this is no Linux.
    }
    return waited;
  }

  @Override
  public void close() {
    closed = true;
  }
}
