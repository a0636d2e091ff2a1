package org.rayo.notice;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which of a sink's notices is next. Those of one recording are a lane: they are told one after the
 * other, and one that fails holds up its lane alone. When several in a row have failed, whatever
 * their lanes, the sink itself is taken to be away: then one is tried at a time, with growing
 * pauses, until one succeeds. Holds no more than the names of the files. Thread safe.
 */
final class SinkQueue {

  /** So many failures in a row are not those of a single recording. */
  private static final int AWAY_AFTER = 5;

  /** A sink cannot have itself forgotten for longer. */
  private static final Duration LONGEST_WISH = Duration.ofHours(1);

  /**
   * From which due times are counted: what nanoTime itself counts from may be about to overflow.
   */
  private static final long BASE_NANOS = System.nanoTime();

  /** Where a lane is. */
  private enum Place {
    READY,
    PAUSING,
    BUSY
  }

  private static final class Lane {
    final Deque<QueuedNotice> notices = new ArrayDeque<>(2);
    Place place = Place.READY;
    int failures;
    long dueNanos;
  }

  private final Pauses pauses;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final NavigableMap<Long, QueuedNotice> queued = new TreeMap<>();
  private final Map<Integer, Lane> lanes = new HashMap<>();
  private final Deque<Lane> ready = new ArrayDeque<>();
  private final PriorityQueue<Lane> pausing =
      new PriorityQueue<>(Comparator.comparingLong(lane -> lane.dueNanos - BASE_NANOS));

  private int failuresInARow;
  private boolean probing;
  private long restsUntilNanos = System.nanoTime();
  private boolean closed;

  SinkQueue(Pauses pauses) {
    this.pauses = pauses;
  }

  /** Adds a notice, later than all that are there. */
  void add(QueuedNotice notice) {
    lock.lock();
    try {
      queued.put(notice.sequence(), notice);
      Lane lane = lanes.get(notice.lane());
      if (lane == null) {
        lane = new Lane();
        lanes.put(notice.lane(), lane);
        ready.add(lane);
      }
      lane.notices.add(notice);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a notice that is due. It is the caller's until {@link #done} or {@link #later}.
   *
   * @return empty once this is closed and nothing is due
   */
  Optional<QueuedNotice> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = System.nanoTime();
        wake(now);
        long restNanos = restsUntilNanos - now;
        boolean held = restNanos > 0 || (probing && isAway());
        if (!ready.isEmpty() && !held) {
          Lane lane = ready.remove();
          lane.place = Place.BUSY;
          probing = isAway();
          return Optional.of(lane.notices.element());
        }
        if (closed) {
          return Optional.empty();
        }
        long unused = changed.awaitNanos(quietNanos(now, restNanos));
      }
    } finally {
      lock.unlock();
    }
  }

  private void wake(long now) {
    for (Lane lane = pausing.peek(); lane != null && lane.dueNanos - now <= 0; ) {
      pausing.remove();
      lane.place = Place.READY;
      ready.add(lane);
      lane = pausing.peek();
    }
  }

  /** How long nothing happens by itself. */
  private long quietNanos(long now, long restNanos) {
    if (restNanos > 0) {
      return restNanos;
    }
    return ready.isEmpty() && !pausing.isEmpty()
        ? pausing.element().dueNanos - now
        : Long.MAX_VALUE;
  }

  /** A notice that was taken has been dealt with: told, or never to be told. */
  void done(QueuedNotice notice) {
    lock.lock();
    try {
      if (isAway()) {
        restsUntilNanos = System.nanoTime();
        pausing.forEach(
            lane -> {
              lane.place = Place.READY;
              ready.add(lane);
            });
        pausing.clear();
      }
      failuresInARow = 0;
      probing = false;
      queued.remove(notice.sequence());
      Lane lane = lane(notice);
      lane.notices.remove();
      lane.failures = 0;
      if (lane.notices.isEmpty()) {
        lanes.remove(notice.lane());
      } else {
        lane.place = Place.READY;
        ready.add(lane);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A notice that was taken has to be told again, after a pause.
   *
   * @param notBefore the sink wants to be left alone for so long
   */
  void later(QueuedNotice notice, Optional<Duration> notBefore) {
    lock.lock();
    try {
      long now = System.nanoTime();
      probing = false;
      failuresInARow++;
      notBefore
          .map(wish -> wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish)
          .ifPresent(wish -> rest(now + wish.toNanos()));
      if (isAway()) {
        rest(now + pauses.after(failuresInARow - AWAY_AFTER + 1).toNanos());
      }
      Lane lane = lane(notice);
      lane.failures++;
      lane.dueNanos = now + pauses.after(lane.failures).toNanos();
      lane.place = Place.PAUSING;
      pausing.add(lane);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void rest(long untilNanos) {
    if (untilNanos - restsUntilNanos > 0) {
      restsUntilNanos = untilNanos;
    }
  }

  private boolean isAway() {
    return failuresInARow >= AWAY_AFTER;
  }

  private Lane lane(QueuedNotice notice) {
    return Optional.ofNullable(lanes.get(notice.lane()))
        .orElseThrow(() -> new IllegalStateException(notice + " was not taken"));
  }

  /** The oldest that nobody has taken. */
  Optional<QueuedNotice> oldest() {
    lock.lock();
    try {
      return queued.values().stream().filter(this::isIdle).findFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the oldest that nobody has taken. */
  Optional<QueuedNotice> dropOldest() {
    lock.lock();
    try {
      Optional<QueuedNotice> oldest = queued.values().stream().filter(this::isIdle).findFirst();
      oldest.ifPresent(this::drop);
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out those that nobody has taken and that were queued before this moment. */
  List<QueuedNotice> dropQueuedBefore(long millis) {
    lock.lock();
    try {
      List<QueuedNotice> old = new ArrayList<>();
      for (QueuedNotice notice : queued.values()) {
        if (notice.queuedAtMillis() >= millis) {
          break;
        }
        if (isIdle(notice)) {
          old.add(notice);
        }
      }
      old.forEach(this::drop);
      return old;
    } finally {
      lock.unlock();
    }
  }

  private boolean isIdle(QueuedNotice notice) {
    Lane lane = lane(notice);
    return lane.place != Place.BUSY || !notice.equals(lane.notices.element());
  }

  private void drop(QueuedNotice notice) {
    queued.remove(notice.sequence());
    Lane lane = lane(notice);
    lane.notices.remove(notice);
    if (lane.notices.isEmpty()) {
      lanes.remove(notice.lane());
      ready.remove(lane);
      pausing.remove(lane);
    }
  }

  /** How many there are, taken ones among them. */
  int size() {
    lock.lock();
    try {
      return queued.size();
    } finally {
      lock.unlock();
    }
  }

  /** From now on nobody waits in {@link #take}. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
