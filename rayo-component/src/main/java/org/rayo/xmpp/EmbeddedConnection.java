package org.rayo.xmpp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dom4j.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the embedded server: one thread reads and handles, one writes what is queued. It
 * ends when either side ends the stream, when the socket breaks, or when its peer does not read and
 * the queue is full; {@link #gone()} is called exactly once, however it ends.
 */
abstract class EmbeddedConnection implements StanzaParser.Sink {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedConnection.class);
  private static final int QUEUE_LIMIT = 200_000;
  private static final int BATCH_BYTES = 65_536;
  private static final byte[] END = new byte[0];

  private final Socket socket;
  private final String contentNamespace;
  private final String domain;
  private final String id;
  private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>(QUEUE_LIMIT);
  private final CountDownLatch readingDone = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicBoolean gone = new AtomicBoolean();
  private volatile boolean ending;
  private StanzaParser parser;

  /**
   * @param domain who the server says it is
   * @param contentNamespace of the stanzas on the stream
   */
  EmbeddedConnection(Socket socket, String domain, String contentNamespace) {
    this.socket = socket;
    this.domain = domain;
    this.contentNamespace = contentNamespace;
    this.id = randomHex();
    this.parser = newParser();
  }

  static String randomHex() {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private StanzaParser newParser() {
    return new StanzaParser(ComponentSettings.DEFAULT_MAX_STANZA_BYTES, this);
  }

  /** Starts both threads. */
  final void start(String name) {
    startDaemon(this::read, name + "-in");
    startDaemon(this::write, name + "-out");
  }

  private static void startDaemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** The connection is over, on whatever thread found out; called once. */
  abstract void gone();

  /** The stream's id, as in its header. */
  final String id() {
    return id;
  }

  /** Whether nothing that arrives matters any more. */
  final boolean isEnding() {
    return ending;
  }

  /** The next bytes begin a new stream on the same connection, as after authentication. */
  final void restart() {
    parser = newParser();
  }

  /** Sends our opening tag, with the features that follow it, if any. */
  final void sendHeader(String attributes, String rest) {
    send(
        "<?xml version='1.0'?><stream:stream xmlns='"
            + contentNamespace
            + "' xmlns:stream='"
            + Namespaces.STREAMS
            + "' id='"
            + id
            + "' from='"
            + StanzaWriter.escape(domain)
            + "'"
            + attributes
            + ">"
            + rest);
  }

  /** Queues text for writing. */
  final void send(String xml) {
    enqueue(xml.getBytes(StandardCharsets.UTF_8));
  }

  /** Queues a stanza for writing. */
  final void send(Element stanza) {
    enqueue(StanzaWriter.bytes(stanza));
  }

  private void enqueue(byte[] bytes) {
    if (!ending && !queue.offer(bytes)) {
      log.warn("a peer of the embedded XMPP server does not read: its connection is closed");
      drop();
    }
  }

  /** Ends the stream, with an error or without, once what is queued is written. */
  final void end(Optional<StreamError> error) {
    String last = error.map(StreamError::xml).orElse("</stream:stream>");
    synchronized (queue) {
      if (ending) {
        return;
      }
      enqueue(last.getBytes(StandardCharsets.UTF_8));
      ending = true;
    }
    if (!queue.offer(END)) {
      drop();
    }
    goneOnce();
  }

  /** Waits until the connection is closed, then closes it the hard way. */
  final void awaitEnd(long nanos) throws InterruptedException {
    if (!done.await(nanos, TimeUnit.NANOSECONDS)) {
      drop();
    }
  }

  /** Whether the socket is closed and both threads are through. */
  final boolean isDone() {
    return done.getCount() == 0;
  }

  /** Closes the socket at once, as when a cable is cut. */
  final void drop() {
    ending = true;
    queue.clear();
    // The writer may be waiting for something to write.
    queue.offer(END);
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("closing a socket failed", e);
    }
  }

  private void goneOnce() {
    if (gone.compareAndSet(false, true)) {
      gone();
    }
  }

  private void read() {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!ending) {
          parser.feed(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      log.debug("a connection to the embedded XMPP server broke: {}", e.toString());
    } catch (StreamErrorException e) {
      log.info("stream error {} sent: {}", e.error().element(), e.getMessage());
      end(Optional.of(e.error()));
    } catch (RuntimeException e) {
      log.error("the embedded XMPP server failed on a connection", e);
    } finally {
      goneOnce();
      end(Optional.empty());
      readingDone.countDown();
    }
  }

  @Override
  public final void closed() {
    end(Optional.empty());
  }

  private void write() {
    try {
      OutputStream out = socket.getOutputStream();
      boolean more = true;
      while (more) {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        more = write(queue.take(), batch);
        while (more && batch.size() < BATCH_BYTES) {
          byte[] next = queue.poll();
          if (next == null) {
            break;
          }
          more = write(next, batch);
        }
        batch.writeTo(out);
      }
      socket.shutdownOutput();
      readingDone.await(1, TimeUnit.SECONDS);
    } catch (IOException e) {
      log.debug("a connection to the embedded XMPP server cannot be written to: {}", e.toString());
    } catch (InterruptedException e) {
      log.warn("interrupted", e);
    } finally {
      drop();
      done.countDown();
    }
  }

  /** Whether more may follow. */
  private static boolean write(byte[] bytes, ByteArrayOutputStream batch) throws IOException {
    batch.write(bytes);
    return bytes != END;
  }
}
