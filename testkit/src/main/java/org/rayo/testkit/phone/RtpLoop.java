package org.rayo.testkit.phone;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that sends and receives the RTP of all calls of a phone.
 *
 * <p>When the machine stalls, what fell due is sent at once afterwards, so no sample of media time
 * is ever left out.
 */
final class RtpLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RtpLoop.class);

  /** Something to do at a time of {@link System#nanoTime()}. */
  private record Due(long atNanos, long order, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(atNanos - other.atNanos, 0);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private long order;
  private volatile boolean closed;

  RtpLoop(String name) throws IOException {
    selector = Selector.open();
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  Selector selector() {
    return selector;
  }

  /** Runs {@code task} on the loop's thread, soon. */
  void post(Runnable task) {
    posted.add(task);
    selector.wakeup();
  }

  /** Runs {@code task} at a time; only to be called on the loop's thread. */
  void at(long nanos, Runnable task) {
    due.add(new Due(nanos, order++, task));
  }

  private void run() {
    try {
      while (!closed) {
        for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
          task.run();
        }
        for (Due next = due.peek();
            next != null && next.atNanos - System.nanoTime() <= 0;
            next = due.peek()) {
          due.remove();
          next.task.run();
        }
        await();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (Exception e) { // The top of the thread: nobody above could tell of it.
      LOG.error("RTP stopped", e);
    }
  }

  private void await() throws IOException {
    Due next = due.peek();
    if (next == null) {
      selector.select(RtpLoop::receive);
      return;
    }
    long millis = (next.atNanos - System.nanoTime()) / 1_000_000;
    if (millis > 0) {
      selector.select(RtpLoop::receive, millis);
    } else {
      selector.selectNow(RtpLoop::receive);
      LockSupport.parkNanos(Math.min(500_000, next.atNanos - System.nanoTime()));
    }
  }

  private static void receive(SelectionKey key) {
    if (key.isValid()
        && key.attachment() instanceof RtpStream stream
        && key.channel() instanceof DatagramChannel channel) {
      stream.receive(channel);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }
}
