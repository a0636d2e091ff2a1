package org.rayo.media.freeswitch.eventsocket;

import java.net.InetSocketAddress;

/**
 * A connection that FreeSWITCH has made to offer a call. It holds the call: while it is open the
 * call stays parked, and its end tells that the call is over or FreeSWITCH gone. Each costs
 * FreeSWITCH a thread that looks at it every 20 ms.
 */
public final class OutboundSocket {

  private final EventSocketLoop loop;
  private final Line line;
  private final InetSocketAddress remote;
  private final String uniqueId;

  OutboundSocket(EventSocketLoop loop, Line line, InetSocketAddress remote, String uniqueId) {
    this.loop = loop;
    this.line = line;
    this.remote = remote;
    this.uniqueId = uniqueId;
  }

  /** The channel that is offered. */
  public String uniqueId() {
    return uniqueId;
  }

  /** Where FreeSWITCH connected from. */
  public InetSocketAddress remote() {
    return remote;
  }

  /**
   * Closes the connection, which lets the call go: when what it is doing has ended, the dialplan
   * goes on behind {@code socket}, and hangs up when nothing stands there. Any thread may call it.
   * {@code closed} is told once, as with every other end.
   */
  public void close() {
    loop.execute(() -> line.end("closed"));
  }

  @Override
  public String toString() {
    return uniqueId + " from " + remote;
  }
}
