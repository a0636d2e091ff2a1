package org.rayo.media.recorder;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that encode for all recordings. Each recording belongs to one of them, so its
 * encoder is never used by two. A thread walks its recordings five times a second, and at once when
 * one has ended or its ring is half full: the work of ten frames is done together, and the media
 * threads need wake nobody.
 */
final class EncoderPool {

  private static final Logger LOG = LoggerFactory.getLogger(EncoderPool.class);
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final List<Worker> workers = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean closed;

  EncoderPool(int threads) {
    for (int i = 0; i < threads; i++) {
      Worker worker = new Worker("encoder-" + (i + 1));
      workers.add(worker);
      worker.start();
    }
  }

  /** The thread for the next recording. */
  Worker assign() {
    return workers.get(Math.floorMod(next.getAndIncrement(), workers.size()));
  }

  /** Stops the threads; recordings that still run are left as they are. */
  void close() {
    closed = true;
    workers.forEach(Worker::wake);
  }

  /** One encoder thread. */
  final class Worker {
    private final Queue<BooleanSupplier> jobs = new ConcurrentLinkedQueue<>();
    private final Thread thread;

    Worker(String name) {
      thread = new Thread(this::run, name);
    }

    void start() {
      thread.start();
    }

    /**
     * @param job a step of the work; says true when it was the last
     */
    void add(BooleanSupplier job) {
      jobs.add(job);
    }

    /** Walks through the recordings now. Allocates nothing and never blocks. */
    void wake() {
      LockSupport.unpark(thread);
    }

    private void run() {
      while (!closed) {
        try {
          jobs.removeIf(BooleanSupplier::getAsBoolean);
        } catch (RuntimeException | Error e) {
          // The thread has other recordings, and the job is tried again.
          LOG.error("an encoder thread goes on after a failure", e);
        }
        LockSupport.parkNanos(this, SWEEP_NANOS);
      }
    }
  }
}
