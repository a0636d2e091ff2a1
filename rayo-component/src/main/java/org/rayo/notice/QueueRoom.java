package org.rayo.notice;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many notices may wait, in the queues of all couriers together. Where there is no room the
 * oldest of those that may be dropped makes it. For one thread only.
 */
final class QueueRoom {

  private static final Logger LOG = LoggerFactory.getLogger(QueueRoom.class);
  private static final long BETWEEN_COMPLAINTS_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final List<Courier> couriers;
  private final int limit;
  private long dropped;
  private long complainedNanos = System.nanoTime() - BETWEEN_COMPLAINTS_NANOS;

  /**
   * @param limit at least 1
   */
  QueueRoom(List<Courier> couriers, int limit) {
    this.couriers = List.copyOf(couriers);
    this.limit = limit;
  }

  /**
   * Whether this courier may get one more. If not, and the courier's notices may be dropped, this
   * one is counted as dropped.
   *
   * @param coming how many others the couriers are about to get
   */
  boolean makeFor(Courier courier, int coming) {
    int waiting = coming + couriers.stream().mapToInt(Courier::queued).sum();
    boolean room = true;
    while (waiting >= limit && room) {
      room = dropOldest();
      waiting--;
    }
    if (!room && courier.drops()) {
      courier.countDropped();
      complain();
    }
    return room;
  }

  private boolean dropOldest() {
    Optional<Courier> oldest =
        couriers.stream()
            .filter(courier -> courier.drops() && courier.oldest().isPresent())
            .min(Comparator.comparingLong(c -> c.oldest().map(QueuedNotice::sequence).orElse(0L)));
    boolean made = oldest.isPresent() && oldest.get().dropOldest();
    if (made) {
      complain();
    }
    return made;
  }

  private void complain() {
    dropped++;
    long now = System.nanoTime();
    if (now - complainedNanos >= BETWEEN_COMPLAINTS_NANOS) {
      complainedNanos = now;
      LOG.error(
          "{} notices wait, as many as rayo.notices.queue-limit allows; the oldest for webhooks are"
              + " dropped, so far {}",
          limit,
          dropped);
    }
  }
}
