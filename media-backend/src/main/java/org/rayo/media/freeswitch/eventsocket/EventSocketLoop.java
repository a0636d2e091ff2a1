package org.rayo.media.freeswitch.eventsocket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that carries all event sockets, those to FreeSWITCH and those from it. Closing it
 * closes them. Any thread may use it.
 */
public final class EventSocketLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EventSocketLoop.class);

  /** IPv4, or anything with a colon, which no name has. */
  private static final Pattern ADDRESS = Pattern.compile("\\d+(\\.\\d+){3}|.*:.*");

  private static final int READ_BYTES = 64 * 1024;
  private static final int LOOK_UP_THREADS = 2;
  private static final long LOOK_UP_IDLE_SECONDS = 10;

  /** What a channel of the loop belongs to; called on the loop's thread only. */
  interface Ready {
    /** The channel can be accepted from, connected, read or written. */
    void ready(SelectionKey key);

    /** The channel must be closed; nobody else closes it. */
    void end(String why);
  }

  private final Selector selector;
  private final Thread thread;
  private final ThreadPoolExecutor lookUps;
  private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BYTES);
  private final Object lock = new Object();
  private ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private ArrayDeque<Runnable> running = new ArrayDeque<>();
  private boolean ended;
  private volatile boolean closing;

  private EventSocketLoop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    lookUps =
        new ThreadPoolExecutor(
            LOOK_UP_THREADS,
            LOOK_UP_THREADS,
            LOOK_UP_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread lookUp = new Thread(work, name + "-look-up");
              lookUp.setDaemon(true);
              return lookUp;
            });
    lookUps.allowCoreThreadTimeOut(true);
  }

  /** Starts a loop whose thread has this name. */
  public static EventSocketLoop start(String name) {
    EventSocketLoop loop = new EventSocketLoop(name);
    loop.thread.start();
    return loop;
  }

  /**
   * Runs a task on the loop's thread, after those that were given before.
   *
   * @return whether it will run; not once the loop has ended
   */
  boolean execute(Runnable task) {
    synchronized (lock) {
      if (ended) {
        return false;
      }
      tasks.add(task);
    }
    if (Thread.currentThread() != thread) {
      selector.wakeup();
    }
    return true;
  }

  /**
   * Finds a host and hands the result on on the loop's thread: at once when it is an address, later
   * when it is a name, which another thread looks up. Loop's thread only.
   */
  void lookUp(String host, int port, Consumer<InetSocketAddress> then) {
    if (ADDRESS.matcher(host).matches()) {
      then.accept(new InetSocketAddress(host, port));
      return;
    }
    lookUps.execute(
        () -> {
          InetSocketAddress found = new InetSocketAddress(host, port);
          execute(() -> then.accept(found));
        });
  }

  /** Loop's thread only. The channel is non-blocking. */
  SelectionKey register(SelectableChannel channel, int interest, Ready owner) throws IOException {
    return channel.register(selector, interest, owner);
  }

  /** An empty buffer, for what is read and used before the next one reads. Loop's thread only. */
  ByteBuffer input() {
    return input.clear();
  }

  boolean isClosing() {
    return closing;
  }

  private void run() {
    try {
      while (!closing) {
        selector.select(this::ready);
        runTasks();
      }
    } catch (IOException e) {
      log.error("event sockets cannot be waited for; they end", e);
    } finally {
      closing = true;
      end();
    }
  }

  private void ready(SelectionKey key) {
    Ready owner = (Ready) key.attachment();
    try {
      if (key.isValid()) {
        owner.ready(key);
      }
    } catch (RuntimeException e) {
      log.error("an event socket is closed because of a fault of ours", e);
      owner.end("a fault of ours");
    }
  }

  private void runTasks() {
    synchronized (lock) {
      ArrayDeque<Runnable> given = tasks;
      tasks = running;
      running = given;
    }
    if (!running.isEmpty()) {
      // What the tasks themselves give runs in the next round.
      selector.wakeup();
    }
    for (Runnable task = running.poll(); task != null; task = running.poll()) {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("a task of the event sockets failed", e);
      }
    }
  }

  private void end() {
    for (SelectionKey key : List.copyOf(selector.keys())) {
      ((Ready) key.attachment()).end("the event sockets have been closed");
    }
    lookUps.shutdownNow();
    synchronized (lock) {
      ended = true;
    }
    runTasks();
    try {
      selector.close();
    } catch (IOException e) {
      log.debug("closing a selector", e);
    }
  }

  /** Closes all event sockets and waits until that is done, unless called by a listener. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
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
}
