package org.rayo.xmpp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.dom4j.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection to the server's component port, from the connect to the end.
 *
 * <p>One thread connects and reads, one writes; {@link #abort} may be called from any thread and
 * makes both return.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0114.html">XEP-0114</a>
 */
final class ComponentConnection implements StanzaParser.Sink, Closeable {
  /** Told of the elements of an established stream, on the reading thread. */
  interface Receiver {
    /** The server accepted the secret. */
    void established();

    /** A whole top-level element; never a stream error. */
    void element(Element element);
  }

  private enum Phase {
    OPENING,
    HANDSHAKE,
    ESTABLISHED,
    ENDED
  }

  private static final Logger log = LoggerFactory.getLogger(ComponentConnection.class);
  private static final Duration ERROR_WRITE_LIMIT = Duration.ofSeconds(1);

  private final long number;
  private final ComponentSettings settings;
  private final Receiver receiver;
  private final SocketChannel channel;
  private final StanzaParser parser;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile String abortReason = "";
  private Phase phase = Phase.OPENING;
  private String endReason = "";
  private boolean refused;
  private volatile boolean waiting;
  private volatile long waitingSince;

  /**
   * @param number the connection's number in the {@link Outbox}, from 1
   */
  ComponentConnection(long number, ComponentSettings settings, Receiver receiver)
      throws IOException {
    this.number = number;
    this.settings = settings;
    this.receiver = receiver;
    this.channel = SocketChannel.open();
    this.parser = new StanzaParser(settings.maxStanzaBytes(), this);
  }

  long number() {
    return number;
  }

  /** Connects and asks for the stream; what the server says comes with {@link #read}. */
  void connect() throws IOException {
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("unknown host " + settings.host());
    }
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.socket().connect(address, Math.toIntExact(settings.connectTimeout().toMillis()));
    writeAll(
        "<?xml version='1.0'?><stream:stream xmlns='"
            + Namespaces.COMPONENT
            + "' xmlns:stream='"
            + Namespaces.STREAMS
            + "' to='"
            + StanzaWriter.escape(settings.domain())
            + "'>");
  }

  /**
   * Reads until the stream ends.
   *
   * @return why the server ended the stream
   * @throws IOException when the connection was lost or aborted
   * @throws StreamErrorException when the server sent what may not be on a stream; it was told
   */
  String read() throws IOException, StreamErrorException {
    ByteBuffer buffer = ByteBuffer.allocate(16_384);
    try {
      while (phase != Phase.ENDED) {
        waitingSince = System.nanoTime();
        waiting = true;
        int count = channel.read(buffer.clear());
        waiting = false;
        if (count < 0) {
          return "the server closed the connection";
        }
        parser.feed(buffer.array(), 0, count);
      }
      return endReason;
    } catch (StreamErrorException e) {
      sendError(e.error());
      throw e;
    }
  }

  @Override
  public void opened(StreamHeader header) throws StreamErrorException {
    phase = Phase.HANDSHAKE;
    String id = header.attribute("id").orElse("");
    try {
      writeAll("<handshake>" + digest(id + settings.secret()) + "</handshake>");
    } catch (IOException e) {
      // Reading notices the same, but the server may have said why; so read on.
      log.debug("could not write the handshake", e);
    }
  }

  @Override
  public void element(Element element) throws StreamErrorException {
    if (element.getNamespaceURI().equals(Namespaces.STREAMS) && element.getName().equals("error")) {
      streamError(element);
    } else if (phase == Phase.ESTABLISHED) {
      receiver.element(element);
    } else if (phase == Phase.HANDSHAKE && element.getName().equals("handshake")) {
      phase = Phase.ESTABLISHED;
      receiver.established();
    } else if (phase == Phase.HANDSHAKE) {
      throw new StreamErrorException(
          StreamError.NOT_AUTHORIZED, "a stanza before the end of the handshake");
    }
  }

  /**
   * The XMPP server has let through what is more than we take: that is its sender's fault, and must
   * not cost everybody the stream.
   */
  @Override
  public void cut(Element element, String why) {
    String type = element.attributeValue("type", "");
    boolean request = element.getName().equals("iq") && (type.equals("get") || type.equals("set"));
    log.warn("{} from {} is refused: {}", element.getName(), element.attributeValue("from"), why);
    if (phase == Phase.ESTABLISHED && request) {
      element.clearContent();
      // Whatever it was, it is no proper request any more, and is answered as such.
      element.addAttribute("type", null);
      receiver.element(element);
    }
  }

  @Override
  public void closed() {
    if (phase != Phase.ENDED) {
      end("the server ended the stream");
    }
  }

  private void streamError(Element error) {
    String condition = "unknown";
    String text = "";
    for (Element child : error.elements()) {
      if (child.getName().equals("text")) {
        text = ": " + child.getTextTrim();
      } else if (child.getNamespaceURI().equals(Namespaces.STREAM_ERRORS)) {
        condition = child.getName();
      }
    }
    refused =
        phase != Phase.ESTABLISHED
            && (condition.equals(StreamError.NOT_AUTHORIZED.element())
                || condition.equals(StreamError.HOST_UNKNOWN.element()));
    end("the server ended the stream with " + condition + text);
  }

  private void end(String reason) {
    phase = Phase.ENDED;
    endReason = reason;
  }

  /** Whether the server refused the domain or the secret. Reading thread only. */
  boolean wasRefused() {
    return refused;
  }

  /** For how long reading has waited for the server; zero while a stanza is being handled. */
  Duration silence() {
    long since = waitingSince;
    return waiting ? Duration.ofNanos(System.nanoTime() - since) : Duration.ZERO;
  }

  /**
   * Writes until the buffer is empty or the connection is lost; the buffer's position then tells
   * how much the operating system took.
   */
  void write(ByteBuffer bytes) throws IOException {
    writing.lock();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } finally {
      writing.unlock();
    }
  }

  private void writeAll(String xml) throws IOException {
    write(ByteBuffer.wrap(xml.getBytes(StandardCharsets.UTF_8)));
  }

  /** Ends our direction of the stream; the server may still send. */
  void finish() throws IOException {
    writeAll("</stream:stream>");
    channel.shutdownOutput();
  }

  /** Tells the server why the stream ends, if it still listens. */
  private void sendError(StreamError error) {
    try {
      if (!writing.tryLock(ERROR_WRITE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      try {
        writeAll(error.xml());
        channel.shutdownOutput();
      } finally {
        writing.unlock();
      }
      discardRest();
    } catch (IOException e) {
      log.debug("could not send the stream error {}", error.element(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Reads on without looking, for a moment: closing a socket with unread bytes would reset the
   * connection and take the stream error with it.
   */
  private void discardRest() throws IOException {
    ByteBuffer discard = ByteBuffer.allocate(16_384);
    long deadline = System.nanoTime() + ERROR_WRITE_LIMIT.toNanos();
    channel.socket().setSoTimeout(Math.toIntExact(ERROR_WRITE_LIMIT.toMillis()));
    while (System.nanoTime() < deadline
        && channel.socket().getInputStream().read(discard.array()) >= 0) {
      discard.clear();
    }
  }

  /**
   * Closes the connection from any thread.
   *
   * @param reason what {@link #abortReason} says from now on
   */
  void abort(String reason) {
    if (abortReason.isEmpty()) {
      abortReason = reason;
    }
    close();
  }

  /** Why {@link #abort} was called; empty when it was not. */
  Optional<String> abortReason() {
    return Optional.of(abortReason).filter(reason -> !reason.isEmpty());
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("closing the connection failed", e);
    }
  }

  /** The handshake's value for the stream's id and the secret together. */
  static String digest(String idAndSecret) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(idAndSecret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    }
  }
}
