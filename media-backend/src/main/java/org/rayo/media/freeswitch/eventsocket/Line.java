package org.rayo.media.freeswitch.eventsocket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP connection that frames come from and commands go to. Everything happens on the loop's
 * thread. It ends once, by whichever side, and tells its owner why.
 */
final class Line implements EventSocketLoop.Ready {

  /** Whose line it is. */
  interface Owner {
    /** A connection that we asked for has been made. */
    void connected();

    /** A frame, in order; none after {@link #ended}. */
    void frame(Frame frame);

    /** The line is closed. */
    void ended(String why);
  }

  private static final Logger log = LoggerFactory.getLogger(Line.class);

  /** What may wait to be written; a peer that lets more pile up does not read. */
  private static final int WAITING_LIMIT = 4 * 1024 * 1024;

  /** Reads of one line before others have their turn. */
  private static final int READS = 16;

  private final EventSocketLoop loop;
  private final SocketChannel channel;
  private final Owner owner;
  private final FrameReader reader = new FrameReader();
  private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
  private Optional<SelectionKey> key = Optional.empty();
  private int waitingBytes;
  private long lastReceived = System.nanoTime();
  private boolean open = true;

  private Line(EventSocketLoop loop, SocketChannel channel, Function<Line, Owner> owner) {
    this.loop = loop;
    this.channel = channel;
    this.owner = owner.apply(this);
  }

  /** Begins to connect. */
  static Line connect(EventSocketLoop loop, InetSocketAddress address, Function<Line, Owner> owner)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      Line line = new Line(loop, channel, owner);
      prepare(channel);
      if (channel.connect(address)) {
        line.register(SelectionKey.OP_READ);
        loop.execute(line::connected);
      } else {
        line.register(SelectionKey.OP_CONNECT);
      }
      return line;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A connection that somebody else made. */
  static Line accepted(EventSocketLoop loop, SocketChannel channel, Function<Line, Owner> owner)
      throws IOException {
    prepare(channel);
    Line line = new Line(loop, channel, owner);
    line.register(SelectionKey.OP_READ);
    return line;
  }

  private void register(int interest) throws IOException {
    key = Optional.of(loop.register(channel, interest, this));
  }

  private static void prepare(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
  }

  @Override
  public void ready(SelectionKey key) {
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        key.interestOps(SelectionKey.OP_READ);
        connected();
      }
      if (open && key.isWritable()) {
        write(key);
      }
      if (open && key.isReadable()) {
        read();
      }
    } catch (IOException | EventSocketException e) {
      end(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void connected() {
    if (open) {
      lastReceived = System.nanoTime();
      owner.connected();
    }
  }

  private void read() throws IOException, EventSocketException {
    for (int reads = 0; reads < READS && open; reads++) {
      ByteBuffer input = loop.input();
      int count = channel.read(input);
      if (count < 0) {
        end(reader.isWithinFrame() ? "closed by the peer within a frame" : "closed by the peer");
        return;
      }
      if (count == 0) {
        return;
      }
      lastReceived = System.nanoTime();
      reader.feed(input.flip(), this::frame);
      if (count < input.capacity()) {
        return;
      }
    }
  }

  private void frame(Frame frame) {
    if (open) {
      owner.frame(frame);
    }
  }

  /**
   * Sends a command, which an empty line ends.
   *
   * @param command its lines, without the empty one
   * @return whether it will be sent; not when too much waits already or the line has ended
   */
  boolean send(String command) {
    byte[] bytes = (command + "\n\n").getBytes(StandardCharsets.UTF_8);
    if (!open || waitingBytes + bytes.length > WAITING_LIMIT) {
      return false;
    }
    waiting.add(ByteBuffer.wrap(bytes));
    waitingBytes += bytes.length;
    if (waiting.size() == 1) {
      try {
        write(key.orElseThrow());
      } catch (IOException e) {
        // Reading ends the line, after what the peer has sent before it went.
        log.debug("a command was not written", e);
      }
    }
    return true;
  }

  private void write(SelectionKey key) throws IOException {
    ByteBuffer first = waiting.peek();
    while (first != null) {
      waitingBytes -= channel.write(first);
      if (first.hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      waiting.poll();
      first = waiting.peek();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  /** When something came last, or the connection was made. */
  long lastReceivedNanos() {
    return lastReceived;
  }

  @Override
  public void end(String why) {
    if (!open) {
      return;
    }
    open = false;
    try {
      channel.close();
    } catch (IOException e) {
      // It is of no more use either way.
    }
    owner.ended(why);
  }
}
