package org.rayo.notice;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.rayo.config.NoticesConfig.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings notices from a queue to its sink, on threads of its own, so that no sink holds up another.
 * A notice's file is removed when the sink has it. Thread safe.
 */
final class Courier implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  /** How long an interrupted thread may take to notice. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(1);

  private final Route route;
  private final QueueFiles files;
  private final Sink sink;
  private final SinkQueue queue;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong told = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  /**
   * What a courier carries, and how.
   *
   * @param label of the sink in the log
   * @param threads calls of the sink at once
   * @param keep how long a notice is told again; empty: for ever
   */
  record Route(
      String label, Set<Event> events, int threads, Optional<Duration> keep, Pauses pauses) {}

  Courier(Route route, QueueFiles files, Sink sink) throws IOException {
    this.route = route;
    this.files = files;
    this.sink = sink;
    queue = new SinkQueue(route.pauses());
    files.list().forEach(queue::add);
    for (int i = 0; i < route.threads(); i++) {
      Thread thread = new Thread(this::carry, "rayo-notices-" + files.directory().getFileName());
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  void start() {
    if (queue.size() > 0) {
      LOG.info("notices of an earlier run for {}: {}", route.label(), queue.size());
    }
    threads.forEach(Thread::start);
  }

  boolean wants(NoticeKind kind) {
    return route.events().contains(kind.event());
  }

  /** Whether notices may be dropped: those of a sink that is asked for ever may not. */
  boolean drops() {
    return route.keep().isPresent();
  }

  QueueFiles files() {
    return files;
  }

  /** Takes over a notice whose file is there. */
  void add(QueuedNotice notice) {
    queue.add(notice);
  }

  int queued() {
    return queue.size();
  }

  /** The oldest notice that {@link #dropOldest} would drop. */
  Optional<QueuedNotice> oldest() {
    return queue.oldest();
  }

  /** Makes room. */
  boolean dropOldest() {
    Optional<QueuedNotice> oldest = queue.dropOldest();
    oldest.ifPresent(
        notice -> {
          remove(notice);
          dropped.incrementAndGet();
        });
    return oldest.isPresent();
  }

  /** Counts a notice that found no room. */
  void countDropped() {
    dropped.incrementAndGet();
  }

  NoticeCounters counters() {
    return new NoticeCounters(queue.size(), told.get(), failures.get(), dropped.get());
  }

  private void carry() {
    try {
      Optional<QueuedNotice> next = queue.take();
      while (next.isPresent()) {
        carry(next.get());
        next = queue.take();
      }
    } catch (InterruptedException e) {
      LOG.debug("{} is told no more", route.label());
    }
  }

  private void carry(QueuedNotice queued) throws InterruptedException {
    try {
      byte[] json = files.read(queued);
      settle(queued, NoticeJson.read(json), json);
    } catch (NoSuchFileException e) {
      LOG.warn("a notice for {} was removed from its queue: {}", route.label(), queued.fileName());
      queue.done(queued);
    } catch (UnreadableNoticeException e) {
      setAside(queued, e);
    } catch (IOException e) {
      failed(queued, Sink.Outcome.later("its file cannot be read: " + e.getMessage()));
    } catch (RuntimeException | Error e) {
      // Whatever it is, this one must not end the telling of the others.
      LOG.error("telling {} failed", route.label(), e);
      failed(queued, Sink.Outcome.later("a fault of the server"));
    }
  }

  private void settle(QueuedNotice queued, Notice notice, byte[] json) throws InterruptedException {
    Sink.Outcome outcome = sink.tell(notice, json);
    switch (outcome.answer()) {
      case TOLD -> {
        told.incrementAndGet();
        LOG.debug("{} has {}", route.label(), notice.id());
        remove(queued);
        queue.done(queued);
      }
      case UNWANTED -> {
        dropped.incrementAndGet();
        LOG.error("{} {}; {} is dropped", route.label(), outcome.why(), notice.id());
        remove(queued);
        queue.done(queued);
      }
      case LATER -> failed(queued, outcome);
    }
  }

  private void failed(QueuedNotice queued, Sink.Outcome outcome) {
    failures.incrementAndGet();
    LOG.warn(
        "{} {}; it will be told again, waiting: {}", route.label(), outcome.why(), queue.size());
    queue.later(queued, outcome.notBefore());
    route.keep().ifPresent(this::dropOlderThan);
  }

  private void dropOlderThan(Duration keep) {
    List<QueuedNotice> old = queue.dropQueuedBefore(System.currentTimeMillis() - keep.toMillis());
    for (QueuedNotice notice : old) {
      remove(notice);
    }
    if (!old.isEmpty()) {
      dropped.addAndGet(old.size());
      LOG.error(
          "{} has not taken {} notices within {} s; they are dropped, the last was {}",
          route.label(),
          old.size(),
          keep.toSeconds(),
          old.get(old.size() - 1).fileName());
    }
  }

  private void setAside(QueuedNotice queued, UnreadableNoticeException why) {
    LOG.error("{} in the queue of {}: {}", queued.fileName(), route.label(), why.getMessage());
    dropped.incrementAndGet();
    try {
      files.setAside(queued);
    } catch (IOException e) {
      LOG.error("{} stays where it is", queued.fileName(), e);
    }
    queue.done(queued);
  }

  private void remove(QueuedNotice queued) {
    try {
      files.remove(queued);
    } catch (IOException e) {
      LOG.error(
          "{} stays in the queue of {} and will be told again after the next start",
          queued.fileName(),
          route.label(),
          e);
    }
  }

  /** No more than is due now will be told. */
  void closing() {
    queue.close();
  }

  /**
   * Waits until all that is due has been told, and cuts off the rest; call {@link #closing} before.
   *
   * @param deadlineNanos by {@link System#nanoTime}
   */
  void finish(long deadlineNanos) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= !ended(thread, deadlineNanos);
    }
    if (interrupted) {
      threads.forEach(Thread::interrupt);
      long last = System.nanoTime() + LAST_STEPS.toNanos();
      for (Thread thread : threads) {
        if (!ended(thread, last)) {
          LOG.error("telling {} cannot be stopped", route.label());
        }
      }
    }
    sink.close();
    if (queue.size() > 0) {
      LOG.info("notices that wait for {} until the next start: {}", route.label(), queue.size());
    }
  }

  private static boolean ended(Thread thread, long deadlineNanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    try {
      thread.join(Math.max(1, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** As {@link #closing} and {@link #finish}, at once. */
  @Override
  public void close() {
    closing();
    finish(System.nanoTime());
  }
}
