package org.rayo.media.rtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.Ticked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that carries many sessions and mixers: reads what came, ticks who is due, runs tasks
 * between.
 *
 * <p>A wheel of four slots, 5 ms apart, spreads them over the 20 ms of a tick. The schedule is
 * absolute: a tick that comes late is not the beginning of the next 20 ms.
 */
final class RtpLoop implements MediaThread {
  private static final Logger log = LoggerFactory.getLogger(RtpLoop.class);

  private static final int SLOTS = 4;
  private static final long SLOT_NANOS = 5_000_000;
  private static final long TICK_NANOS = SLOTS * SLOT_NANOS;

  /** Ticks made up for between two looks at the network. */
  private static final int CATCH_UP_SLOTS = 25 * SLOTS;

  /** After a longer stand-still the ticks in between are left out. */
  private static final long GIVE_UP_NANOS = 10_000_000_000L;

  /** No datagram of ours or a caller's is longer. */
  static final int DATAGRAM_BYTES = 4096;

  private final Selector selector;
  private final Thread thread;
  private final Object lock = new Object();
  private ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private ArrayDeque<Runnable> running = new ArrayDeque<>();
  private boolean ended;
  private volatile boolean stopping;

  private final List<List<Ticked>> slots =
      List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  private final List<RtpSession> open = new ArrayList<>();
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
  private final Consumer<SelectionKey> read = this::read;
  private long now;
  private long due;
  private int slot;
  private int ticked;

  private final Tally packets = new Tally();
  private final AtomicLong sessions = new AtomicLong();
  private final AtomicLong ticks = new AtomicLong();
  private final AtomicLong lateTicks = new AtomicLong();
  private final AtomicLong skippedTicks = new AtomicLong();

  RtpLoop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = new Thread(this::run, name);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopping = true;
    selector.wakeup();
    if (thread.getState() == Thread.State.NEW) {
      end();
    }
  }

  void join() {
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a task on the loop, in order of arrival; on the caller's thread if the loop has ended. */
  @Override
  public void execute(Runnable task) {
    synchronized (lock) {
      if (!ended) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
          selector.wakeup();
        }
        return;
      }
    }
    task.run();
  }

  /** The caller may touch what belongs to the loop. */
  @Override
  public boolean isHere() {
    return Thread.currentThread() == thread || !thread.isAlive();
  }

  /** The monotonic clock of the loop, in nanoseconds: when the current work began. */
  long now() {
    return now;
  }

  /** The session ends with the loop at the latest. On the loop. */
  void opened(RtpSession session) {
    open.add(session);
  }

  /** From the next turn on, the session hears of packets and ticks. On the loop. */
  void addSession(RtpSession session, DatagramChannel channel) throws IOException {
    channel.register(selector, SelectionKey.OP_READ, session);
    add(session);
    sessions.incrementAndGet();
  }

  @Override
  public void add(Ticked more) {
    slots.stream().min((a, b) -> Integer.compare(a.size(), b.size())).orElseThrow().add(more);
    ticked++;
  }

  /** The session hears nothing any more. On the loop. */
  void removeSession(RtpSession session) {
    open.remove(session);
    if (leftSlot(session)) {
      sessions.decrementAndGet();
    }
  }

  @Override
  public void remove(Ticked gone) {
    boolean unused = leftSlot(gone);
  }

  private boolean leftSlot(Ticked gone) {
    for (List<Ticked> in : slots) {
      if (in.remove(gone)) {
        ticked--;
        return true;
      }
    }
    return false;
  }

  /** For a packet that is to be sent at once. On the loop. */
  ByteBuffer datagram() {
    return datagram;
  }

  /** Counts the packets of all sessions so far, closed ones included. */
  Tally packets() {
    return packets;
  }

  long sessions() {
    return sessions.get();
  }

  long ticks() {
    return ticks.get();
  }

  long lateTicks() {
    return lateTicks.get();
  }

  long skippedTicks() {
    return skippedTicks.get();
  }

  private void run() {
    now = System.nanoTime();
    due = now + SLOT_NANOS;
    try {
      while (!stopping) {
        runTasks();
        waitForWork();
        tickDue();
      }
    } catch (IOException e) {
      log.error("RTP loop {} ended: its sessions are lost", thread.getName(), e);
    } finally {
      end();
    }
  }

  private void waitForWork() throws IOException {
    boolean idle = ticked == 0;
    long untilDue = due - System.nanoTime();
    if (hasTasks() || (!idle && untilDue <= 0)) {
      selector.selectNow(read);
    } else {
      // Whole milliseconds, rounded up: a tick may be one late. 0 means for ever.
      selector.select(read, idle ? 0 : (untilDue + 999_999) / 1_000_000);
    }
    now = System.nanoTime();
    if (idle) {
      due = Math.max(due, now);
    }
  }

  private boolean hasTasks() {
    synchronized (lock) {
      return stopping || !tasks.isEmpty();
    }
  }

  private void runTasks() {
    synchronized (lock) {
      ArrayDeque<Runnable> waiting = tasks;
      tasks = running;
      running = waiting;
    }
    for (Runnable task = running.poll(); task != null; task = running.poll()) {
      runGuarded(task);
    }
  }

  /** One session's fault must not be another's. */
  private static void runGuarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("A task on the RTP loop failed", e);
    }
  }

  private void read(SelectionKey key) {
    now = System.nanoTime();
    RtpSession session = (RtpSession) key.attachment();
    try {
      session.read(datagram, now, now - due > TICK_NANOS);
    } catch (RuntimeException | Error e) {
      log.error("Reading RTP on port {} failed", session.localPort(), e);
    }
  }

  private void tickDue() {
    long behind = now - due;
    if (behind > GIVE_UP_NANOS) {
      long left = behind / TICK_NANOS;
      log.warn("The machine stood still: {} ms without media", left * TICK_NANOS / 1_000_000);
      skippedTicks.lazySet(skippedTicks.get() + left * ticked);
      due += left * TICK_NANOS;
    }
    for (int i = 0; i < CATCH_UP_SLOTS && now - due >= 0; i++) {
      tickSlot(slots.get(slot), now - due);
      slot = (slot + 1) % SLOTS;
      due += SLOT_NANOS;
    }
  }

  private void tickSlot(List<Ticked> in, long late) {
    // Backwards: one that ends in its tick leaves the list.
    for (int i = in.size() - 1; i >= 0; i--) {
      Ticked next = in.get(i);
      ticks.lazySet(ticks.get() + 1);
      if (late > TICK_NANOS) {
        lateTicks.lazySet(lateTicks.get() + 1);
      }
      try {
        next.tick(due, late);
      } catch (RuntimeException | Error e) {
        log.error("The tick of {} failed", next, e);
      }
    }
  }

  private void end() {
    runTasks();
    List.copyOf(open).forEach(RtpSession::close);
    while (hasTasksLeft()) {
      runTasks();
    }
    try {
      selector.close();
    } catch (IOException e) {
      log.warn("Closing the selector of {} failed", thread.getName(), e);
    }
  }

  /** Ends the loop, atomically, when there is nothing left to run. */
  private boolean hasTasksLeft() {
    synchronized (lock) {
      ended = tasks.isEmpty();
      return !ended;
    }
  }
}
