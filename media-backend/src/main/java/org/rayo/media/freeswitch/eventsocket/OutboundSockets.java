package org.rayo.media.freeswitch.eventsocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Listens for what FreeSWITCH's application {@code socket} ({@code socket host:port async full} in
 * the dialplan) connects, and offers the calls that come so. FreeSWITCH parks a call once we have
 * asked for its data, for as long as the connection is open. Nothing else is said here: commands
 * and events go over the {@link SwitchConnection}. So no {@code linger} is asked for, which would
 * only keep FreeSWITCH's thread and session beyond the call's end.
 *
 * <p>Who is not allowed, connects too often, says nothing or is no FreeSWITCH is closed with a line
 * in the log.
 */
public final class OutboundSockets implements AutoCloseable {

  private static final int BACKLOG = 128;

  /** Hears of calls; on the loop's thread, one thing at a time; must not block. */
  public interface Listener {
    /**
     * A call.
     *
     * @param channelData the channel's headers and variables, as in an event
     */
    void offered(SwitchEvent channelData, OutboundSocket socket);

    /** A connection whose call was offered is closed; once for each. */
    void closed(OutboundSocket socket, String why);
  }

  /**
   * What is let in.
   *
   * @param maxConnections open at once, 1 or more
   * @param silence how long FreeSWITCH may take to tell what call it is
   */
  public record Limits(int maxConnections, Duration silence) {
    /** 2,000 connections, 5 s. */
    public static final Limits DEFAULT = new Limits(2_000, Duration.ofSeconds(5));

    public Limits {
      if (maxConnections < 1 || silence.isNegative() || silence.isZero()) {
        throw new IllegalArgumentException(
            "maxConnections " + maxConnections + " and silence " + silence + " must be positive");
      }
    }
  }

  private final EventSocketLoop loop;
  private final Acceptor acceptor;
  private final InetSocketAddress address;
  private final ScheduledFuture<?> ticks;

  private OutboundSockets(
      EventSocketLoop loop,
      Acceptor acceptor,
      InetSocketAddress address,
      ScheduledFuture<?> ticks) {
    this.loop = loop;
    this.acceptor = acceptor;
    this.address = address;
    this.ticks = ticks;
  }

  /**
   * Begins to listen.
   *
   * @param address resolved; port 0 takes a free one
   * @param allowed whether connections of this address are taken
   * @param timers runs short tasks that end at once
   * @throws IOException the address is in use or not ours
   */
  public static OutboundSockets listen(
      EventSocketLoop loop,
      InetSocketAddress address,
      Limits limits,
      Predicate<InetAddress> allowed,
      Listener listener,
      ScheduledExecutorService timers)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, BACKLOG);
      server.configureBlocking(false);
      InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
      Acceptor acceptor = new Acceptor(loop, server, limits, allowed, listener);
      if (!loop.execute(acceptor::begin)) {
        throw new IOException("the loop of the event sockets has been closed");
      }
      long period = Math.max(10, limits.silence().toMillis() / 10);
      ScheduledFuture<?> ticks =
          timers.scheduleWithFixedDelay(
              () -> loop.execute(acceptor::tick), period, period, TimeUnit.MILLISECONDS);
      return new OutboundSockets(loop, acceptor, bound, ticks);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Connections that are open, offered or not yet. */
  public int connections() {
    return acceptor.connections();
  }

  /** Stops listening and closes all connections, which lets their calls go. */
  @Override
  public void close() {
    ticks.cancel(false);
    loop.execute(() -> acceptor.end("closed"));
  }
}
