package org.rayo.media.rtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.rayo.media.audio.MediaThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All RTP of this server: a few event loops, each with one selector and a tick every 20 ms for its
 * sessions.
 *
 * <p>Every method may be called from any thread.
 */
public final class RtpEngine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RtpEngine.class);
  private static final int RECEIVE_BUFFER_BYTES = 256 * 1024;

  private final RtpSettings settings;
  private final List<RtpLoop> loops;
  private volatile boolean closed;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger nextThread = new AtomicInteger();

  /**
   * @throws UncheckedIOException if the operating system gives no selector
   */
  public RtpEngine(RtpSettings settings) {
    this.settings = settings;
    RtpLoop[] made = new RtpLoop[settings.loops()];
    for (int i = 0; i < made.length; i++) {
      made[i] = new RtpLoop("rtp-" + i);
    }
    loops = List.of(made);
  }

  /** Starts the loops; once. */
  public void start() {
    loops.forEach(RtpLoop::start);
  }

  /** Opens a session that hears packets from anywhere. */
  public RtpSession open(RtpSession.Listener listener) throws RtpPortsExhaustedException {
    return open(listener, address -> true);
  }

  /**
   * Opens a session on a free even port of the range. Nothing is sent or delivered before {@link
   * RtpSession#start}.
   *
   * @param allowed addresses that packets may come from; asked on the media thread, must not block
   * @throws RtpPortsExhaustedException if there is no such port
   * @throws IllegalStateException if the engine is closed
   */
  public RtpSession open(RtpSession.Listener listener, Predicate<InetAddress> allowed)
      throws RtpPortsExhaustedException {
    return open(listener, allowed, loops.get(Math.floorMod(next.getAndIncrement(), loops.size())));
  }

  /**
   * The same on a thread of choice: what belongs together is carried by one.
   *
   * @param thread one that {@link #mediaThread} gave
   */
  public RtpSession open(
      RtpSession.Listener listener, Predicate<InetAddress> allowed, MediaThread thread)
      throws RtpPortsExhaustedException {
    if (closed) {
      throw new IllegalStateException("the RTP engine is closed");
    }
    RtpLoop loop =
        loops.stream()
            .filter(one -> one == thread)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(thread + " is of another engine"));
    DatagramChannel channel = bind();
    RtpSession session = new RtpSession(loop, channel, settings, listener, allowed);
    loop.execute(() -> loop.opened(session));
    return session;
  }

  /** One of the loops, by turns, for audio that has no RTP of its own: a mixer. */
  public MediaThread mediaThread() {
    return loops.get(Math.floorMod(nextThread.getAndIncrement(), loops.size()));
  }

  /** What happened so far on all loops. */
  public RtpEngineCounters counters() {
    return new RtpEngineCounters(
        sum(RtpLoop::sessions),
        sum(RtpLoop::ticks),
        sum(RtpLoop::lateTicks),
        sum(RtpLoop::skippedTicks),
        loops.stream()
            .map(loop -> loop.packets().snapshot())
            .reduce(RtpCounters::plus)
            .orElseThrow());
  }

  /** Closes every session and ends the loops; waits for them. A second time does nothing. */
  @Override
  public void close() {
    closed = true;
    loops.forEach(RtpLoop::stop);
    loops.forEach(RtpLoop::join);
  }

  private long sum(ToLongFunction<RtpLoop> count) {
    return loops.stream().mapToLong(count).sum();
  }

  private DatagramChannel bind() throws RtpPortsExhaustedException {
    int lowest = (settings.firstPort() + 1) / 2;
    int count = settings.lastPort() / 2 - lowest + 1;
    int start = ThreadLocalRandom.current().nextInt(count);
    for (int i = 0; i < count; i++) {
      int port = 2 * (lowest + (start + i) % count);
      try {
        return bind(port);
      } catch (BindException taken) {
        log.trace("RTP port {} is taken", port);
      } catch (IOException e) {
        throw new RtpPortsExhaustedException(settings, e);
      }
    }
    throw new RtpPortsExhaustedException(settings);
  }

  private DatagramChannel bind(int port) throws IOException {
    InetAddress address = settings.address();
    DatagramChannel channel =
        DatagramChannel.open(
            address instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6);
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      channel.bind(new InetSocketAddress(address, port));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
