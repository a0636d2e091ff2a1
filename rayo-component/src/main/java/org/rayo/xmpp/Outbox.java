package org.rayo.xmpp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one queue of outgoing stanzas, bounded, that outlives connections. Thread safe.
 *
 * <p>Connections are numbered from 1; number 0 says that there is none. A stanza stays in the queue
 * until it was handed to the operating system whole, so one that was cut off is written again on
 * the next connection.
 */
final class Outbox {
  /** Meant for whichever connection there is. */
  private static final long ANY = 0;

  /**
   * A stanza in the queue: its bytes as they go on the wire, and the only connection it may be
   * written on, or {@link #ANY}. Two entries are the same only if they are one object.
   */
  static final class Entry {
    private final byte[] bytes;
    private final long connection;

    private Entry(byte[] bytes, long connection) {
      this.bytes = bytes;
      this.connection = connection;
    }

    byte[] bytes() {
      return bytes;
    }

    long connection() {
      return connection;
    }
  }

  /**
   * Stanzas to write on a connection.
   *
   * @param size their bytes together
   */
  record Batch(long connection, List<Entry> entries, int size) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final int limit;
  private long connection;
  private boolean closed;

  /** The batch that is being written. */
  private List<Entry> inFlight = List.of();

  /** Whether the connection went while that batch was being written. */
  private boolean inFlightLost;

  /**
   * @param limit the most stanzas that may wait
   */
  Outbox(int limit) {
    this.limit = limit;
  }

  /** Queues bytes for any connection; false when full or closed. */
  boolean offer(byte[] bytes) {
    lock.lock();
    try {
      return add(bytes, ANY);
    } finally {
      lock.unlock();
    }
  }

  /** Queues bytes for the current connection; false when there is none, or full, or closed. */
  boolean offerOnThisConnection(byte[] bytes) {
    lock.lock();
    try {
      return connection != 0 && add(bytes, connection);
    } finally {
      lock.unlock();
    }
  }

  private boolean add(byte[] bytes, long onlyOn) {
    if (closed || entries.size() >= limit) {
      return false;
    }
    entries.add(new Entry(bytes, onlyOn));
    changed.signalAll();
    return true;
  }

  /** A connection is there. */
  void connected(long number) {
    lock.lock();
    try {
      connection = number;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The connection is gone; what could only go on it is dropped.
   *
   * @return how many were dropped; of the batch that is being written, {@link #settle} will tell
   */
  int disconnected() {
    lock.lock();
    try {
      connection = 0;
      int before = entries.size();
      entries.removeIf(entry -> entry.connection() != ANY);
      int dropped = before - entries.size();
      if (!inFlight.isEmpty() && !inFlightLost) {
        inFlightLost = true;
        dropped -= bound(inFlight);
      }
      changed.signalAll();
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more; {@link #next} ends once everything is written. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is a connection. */
  boolean isConnected() {
    lock.lock();
    try {
      return connection != 0;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what waits, and says how many that were. */
  int clear() {
    lock.lock();
    try {
      int waiting = entries.size();
      entries.clear();
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** How many stanzas wait. */
  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** The connection cannot be written to any more; its stanzas stay until {@link #disconnected}. */
  void broken(long number) {
    lock.lock();
    try {
      if (connection == number) {
        connection = 0;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there are a connection and stanzas to write, and gives the first of them, without
   * removing them.
   *
   * @param maxBytes stop adding stanzas once this size is reached
   * @return empty when the outbox is closed and nothing is left that could be written
   */
  Optional<Batch> next(int maxBytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while ((connection == 0 || entries.isEmpty()) && !closed) {
        changed.await();
      }
      if (connection == 0 || entries.isEmpty()) {
        return Optional.empty();
      }
      List<Entry> batch = new ArrayList<>();
      int size = 0;
      for (Entry entry : entries) {
        if (size >= maxBytes) {
          break;
        }
        batch.add(entry);
        size += entry.bytes().length;
      }
      inFlight = batch;
      return Optional.of(new Batch(connection, batch, size));
    } finally {
      lock.unlock();
    }
  }

  /**
   * The last batch was written, as far as it could be; what was written whole leaves the queue.
   *
   * @param whole how many of its first stanzas were written whole
   * @return how many of the others are dropped, because they could only go on its connection and
   *     that went meanwhile
   */
  int settle(Batch batch, int whole) {
    lock.lock();
    try {
      for (Entry entry : batch.entries().subList(0, whole)) {
        // What was meant for a connection that went meanwhile is no longer here.
        if (entries.peek() == entry) {
          entries.remove();
        }
      }
      List<Entry> rest = batch.entries().subList(whole, batch.entries().size());
      int dropped = inFlightLost ? bound(rest) : 0;
      inFlight = List.of();
      inFlightLost = false;
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** How many of the entries may go on one connection only. */
  private static int bound(List<Entry> entries) {
    return (int) entries.stream().filter(entry -> entry.connection() != ANY).count();
  }
}
