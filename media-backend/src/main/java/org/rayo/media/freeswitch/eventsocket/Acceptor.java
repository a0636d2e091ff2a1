package org.rayo.media.freeswitch.eventsocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes connections, asks each for its call and watches over them. Loop's thread only. */
final class Acceptor implements EventSocketLoop.Ready {

  private static final Logger log = LoggerFactory.getLogger(OutboundSockets.class);

  /** Refusals are told once in so long, with how many there were. */
  private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final EventSocketLoop loop;
  private final ServerSocketChannel server;
  private final OutboundSockets.Limits limits;
  private final Predicate<InetAddress> allowed;
  private final OutboundSockets.Listener listener;
  private final Set<Guest> guests = new LinkedHashSet<>();
  private volatile int count;
  private Optional<SelectionKey> key = Optional.empty();
  private long complained = System.nanoTime() - COMPLAINT_NANOS;
  private int unsaid;

  /** Who has connected. */
  private final class Guest implements Line.Owner {
    private final Line line;
    private final InetSocketAddress remote;
    private final long since = System.nanoTime();
    private Optional<OutboundSocket> offered = Optional.empty();

    Guest(Line line, InetSocketAddress remote) {
      this.line = line;
      this.remote = remote;
    }

    @Override
    public void connected() {
      // It has connected to us.
    }

    @Override
    public void frame(Frame frame) {
      if (frame.contentType().equals("text/disconnect-notice")) {
        line.end("the call is over");
      } else if (offered.isEmpty()) {
        offer(frame);
      }
    }

    private void offer(Frame frame) {
      SwitchEvent data = frame.headersAsEvent();
      Optional<String> uniqueId = data.uniqueId();
      if (!frame.contentType().equals("command/reply") || uniqueId.isEmpty()) {
        line.end("it tells no call");
      } else if (!data.header("Socket-Mode").orElse("").equals("async")) {
        line.end("the dialplan's socket is not async: 'socket <host>:<port> async full' is needed");
      } else {
        OutboundSocket socket = new OutboundSocket(loop, line, remote, uniqueId.get());
        offered = Optional.of(socket);
        tell(() -> listener.offered(data, socket));
      }
    }

    void tick(long now) {
      if (offered.isEmpty() && now - since > limits.silence().toNanos()) {
        line.end("it said nothing for " + limits.silence().toMillis() + " ms");
      }
    }

    @Override
    public void ended(String why) {
      guests.remove(this);
      count = guests.size();
      if (offered.isPresent()) {
        OutboundSocket socket = offered.get();
        tell(() -> listener.closed(socket, why));
      } else {
        complain("a connection from " + remote + " was dropped: " + why);
      }
    }
  }

  Acceptor(
      EventSocketLoop loop,
      ServerSocketChannel server,
      OutboundSockets.Limits limits,
      Predicate<InetAddress> allowed,
      OutboundSockets.Listener listener) {
    this.loop = loop;
    this.server = server;
    this.limits = limits;
    this.allowed = allowed;
    this.listener = listener;
  }

  void begin() {
    try {
      key = Optional.of(loop.register(server, SelectionKey.OP_ACCEPT, this));
    } catch (IOException e) {
      log.error("connections of FreeSWITCH cannot be taken", e);
      end("not registered");
    }
  }

  @Override
  public void ready(SelectionKey ready) {
    try {
      SocketChannel channel = server.accept();
      while (channel != null) {
        take(channel);
        channel = server.accept();
      }
    } catch (IOException e) {
      // Out of files, most likely: try again after a while, not at once.
      ready.interestOps(0);
      complain("a connection was not taken: " + e.getMessage());
    }
  }

  private void take(SocketChannel channel) throws IOException {
    try {
      InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
      if (!allowed.test(remote.getAddress())) {
        complain("a connection from " + remote + " was refused: its address is not allowed");
        channel.close();
      } else if (guests.size() >= limits.maxConnections()) {
        complain("a connection from " + remote + " was refused: " + guests.size() + " are open");
        channel.close();
      } else {
        Line line = Line.accepted(loop, channel, made -> welcome(made, remote));
        line.send("connect");
      }
    } catch (IOException e) {
      channel.close();
      complain("a connection ended at once: " + e.getMessage());
    }
  }

  private Guest welcome(Line line, InetSocketAddress remote) {
    Guest guest = new Guest(line, remote);
    guests.add(guest);
    count = guests.size();
    return guest;
  }

  void tick() {
    long now = System.nanoTime();
    List.copyOf(guests).forEach(guest -> guest.tick(now));
    key.filter(SelectionKey::isValid)
        .filter(valid -> valid.interestOps() == 0)
        .ifPresent(valid -> valid.interestOps(SelectionKey.OP_ACCEPT));
  }

  int connections() {
    return count;
  }

  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      log.error("what listens to calls of FreeSWITCH failed", e);
    }
  }

  private void complain(String what) {
    long now = System.nanoTime();
    if (now - complained < COMPLAINT_NANOS) {
      unsaid++;
      log.debug("{}", what);
      return;
    }
    log.warn("{}{}", what, unsaid == 0 ? "" : " (and " + unsaid + " since the last time)");
    complained = now;
    unsaid = 0;
  }

  @Override
  public void end(String why) {
    try {
      server.close();
    } catch (IOException e) {
      log.debug("closing a listening socket", e);
    }
    List.copyOf(guests).forEach(guest -> guest.line.end(why));
  }
}
