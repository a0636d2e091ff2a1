package org.rayo.notice;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes notices down, in the order in which they come: a few files are synced beside each other,
 * and the directories once for all that came meanwhile. Thread safe.
 */
final class NoticeWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NoticeWriter.class);

  /** Of notices that wait to be written down, all together. */
  static final long MOST_BYTES = 32 << 20;

  /** Notices that are synced together. */
  private static final int MOST_AT_ONCE = 256;

  /** Syncs wait for the disk, so a few run beside each other. */
  private static final int SYNC_THREADS = 4;

  private static final long STOP_SECONDS = 10;
  private static final String STOPS = "the server stops";

  private final QueueRoom room;
  private final Thread thread;
  private final ExecutorService syncs;
  private final Object gate = new Object();

  /** These three by the holder of the gate. */
  private final Deque<Writing> waiting = new ArrayDeque<>();

  private long waitingBytes;
  private boolean closed;

  /** Of the next file; by the writing thread only. */
  private long sequence;

  /**
   * @param sequence of the first file
   */
  NoticeWriter(QueueRoom room, long sequence) {
    this.room = room;
    this.sequence = sequence;
    thread = daemon(this::run, "rayo-notices");
    syncs = Executors.newFixedThreadPool(SYNC_THREADS, task -> daemon(task, "rayo-notices-sync"));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    thread.start();
  }

  /** As {@link Notices#publishDurably}, for these sinks. */
  CompletionStage<Void> write(Notice notice, List<Courier> targets) {
    Writing writing = new Writing(notice, targets);
    Optional<String> refusal = accept(writing);
    return refusal.isEmpty()
        ? writing.written()
        : CompletableFuture.failedFuture(new NoticeException(refusal.get()));
  }

  private Optional<String> accept(Writing writing) {
    synchronized (gate) {
      if (closed) {
        return Optional.of(STOPS);
      }
      if (waitingBytes + writing.sizeBytes() > MOST_BYTES) {
        return Optional.of("the disk does not keep up: too many notices wait to be written down");
      }
      waitingBytes += writing.sizeBytes();
      waiting.add(writing);
      gate.notifyAll();
      return Optional.empty();
    }
  }

  private void run() {
    try {
      for (List<Writing> batch = next(); !batch.isEmpty(); batch = next()) {
        try {
          write(batch);
        } catch (RuntimeException | Error e) {
          // Whatever it is, somebody waits for the answer.
          LOG.error("writing down notices failed", e);
          batch.forEach(writing -> writing.written().completeExceptionally(e));
        } catch (InterruptedException e) {
          batch.forEach(
              writing -> writing.written().completeExceptionally(new NoticeException(STOPS)));
          throw e;
        } finally {
          forget(batch);
        }
      }
    } catch (InterruptedException e) {
      LOG.error("the disk has not taken the last notices in time");
    }
  }

  /** Waits for notices; when there are none, none will come any more. */
  private List<Writing> next() throws InterruptedException {
    synchronized (gate) {
      while (waiting.isEmpty() && !closed) {
        gate.wait();
      }
      List<Writing> batch = new ArrayList<>();
      while (!waiting.isEmpty() && batch.size() < MOST_AT_ONCE) {
        batch.add(waiting.remove());
      }
      return batch;
    }
  }

  private void forget(List<Writing> batch) {
    synchronized (gate) {
      batch.forEach(writing -> waitingBytes -= writing.sizeBytes());
    }
  }

  private void write(List<Writing> batch) throws InterruptedException {
    List<Writing.Part> parts = new ArrayList<>();
    for (Writing writing : batch) {
      for (Courier courier : writing.targets()) {
        if (room.makeFor(courier, parts.size())) {
          parts.add(writing.part(courier, sequence++));
        } else if (!courier.drops()) {
          writing.refuse(
              new NoticeException("as many notices wait as rayo.notices.queue-limit allows"));
        }
      }
    }
    prepare(batch);
    parts.forEach(Writing.Part::commit);
    syncDirectories(parts);
    parts.forEach(Writing.Part::handOver);
    batch.forEach(Writing::answer);
  }

  private void prepare(List<Writing> batch) throws InterruptedException {
    if (batch.size() == 1) {
      batch.get(0).prepare();
      return;
    }
    List<Callable<Boolean>> steps = new ArrayList<>();
    for (Writing writing : batch) {
      steps.add(
          () -> {
            writing.prepare();
            return true;
          });
    }
    for (Future<Boolean> step : syncs.invokeAll(steps)) {
      try {
        step.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a notice could not be prepared", e);
      }
    }
  }

  private static void syncDirectories(List<Writing.Part> parts) {
    Map<Courier, List<Writing.Part>> byCourier = new HashMap<>();
    parts.forEach(
        part -> byCourier.computeIfAbsent(part.courier(), c -> new ArrayList<>()).add(part));
    byCourier.forEach(
        (courier, own) -> {
          try {
            courier.files().sync();
          } catch (IOException e) {
            LOG.error("{} cannot be synced", courier.files().directory(), e);
            own.forEach(part -> part.mayNotLast(e));
          }
        });
  }

  /** Writes down what has come, in bounded time, and takes no more. */
  @Override
  public void close() {
    synchronized (gate) {
      closed = true;
      gate.notifyAll();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    syncs.shutdownNow();
    thread.interrupt();
    synchronized (gate) {
      waiting.forEach(
          writing -> writing.written().completeExceptionally(new NoticeException(STOPS)));
      waiting.clear();
    }
  }
}
