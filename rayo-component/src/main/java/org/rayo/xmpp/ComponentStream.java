package org.rayo.xmpp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.dom4j.Element;
import org.rayo.xmpp.ComponentStreamException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;

/**
 * The stream of an external component to its XMPP server, kept up for as long as it is wanted: it
 * connects, proves the secret, delivers stanzas in order on one thread, writes stanzas in order on
 * another, probes a silent connection, and reconnects with growing pauses when it is lost.
 *
 * <p>XEP-0114 acknowledges nothing: a stanza that the operating system took just before the
 * connection broke may be lost. One that it did not take whole is written again, or dropped and
 * counted, as {@link StanzaSender} says. All methods are thread safe.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0114.html">XEP-0114</a>
 */
public final class ComponentStream implements StanzaSender, AutoCloseable {
  /**
   * What happened since the start.
   *
   * @param stanzasIn elements received, proper stanzas or not
   * @param stanzasOut stanzas handed to the operating system
   * @param reconnects connections after the first
   * @param dropped stanzas not sent (queue full, or their connection went) and elements received
   *     that nobody could be told about
   */
  public record Counters(long stanzasIn, long stanzasOut, long reconnects, long dropped) {}

  private static final Logger log = LoggerFactory.getLogger(ComponentStream.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
  private static final int BATCH_BYTES = 65_536;
  private static final String KEEPALIVE_ID = "keepalive";

  private final ComponentSettings settings;
  private final StanzaHandler handler;
  private final JID self;
  private final byte[] ping;
  private final Outbox outbox;
  private final List<StreamListener> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> firstConnection = new CompletableFuture<>();
  private volatile Optional<ComponentConnection> current = Optional.empty();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicBoolean queueFullLogged = new AtomicBoolean();
  private final AtomicLong stanzasIn = new AtomicLong();
  private final AtomicLong stanzasOut = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final Backoff backoff;
  private final ScheduledExecutorService clock;
  private final Thread reader;
  private final Thread writer;

  /**
   * @param settings the server and how to behave towards it
   * @param handler receives the stanzas
   */
  public ComponentStream(ComponentSettings settings, StanzaHandler handler) {
    this.settings = settings;
    this.handler = handler;
    this.self = new JID(settings.domain());
    this.ping = pingStanza(self);
    this.outbox = new Outbox(settings.queueLimit());
    this.backoff =
        new Backoff(settings.backoffMin(), settings.backoffMax(), new SplittableRandom());
    this.clock = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "xmpp-keepalive"));
    this.reader = daemon(this::connectAndRead, "xmpp-reader");
    this.writer = daemon(this::write, "xmpp-writer");
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private static byte[] pingStanza(JID self) {
    String address = StanzaWriter.escape(self.toString());
    return "<iq type='get' id='%s' from='%s' to='%s'><ping xmlns='%s'/></iq>"
        .formatted(KEEPALIVE_ID, address, address, Namespaces.PING)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Adds a listener; call before {@link #start()} to miss nothing. */
  public void addListener(StreamListener listener) {
    listeners.add(listener);
  }

  /**
   * Begins to connect, in the background. May be called once.
   *
   * @throws IllegalThreadStateException when it was called before
   */
  public void start() {
    reader.start();
    writer.start();
  }

  /**
   * The outcome of the first try that tells something: completes with the first successful
   * handshake, exceptionally with a {@link ComponentStreamException} when the server refused the
   * domain or the secret, when the stream was closed before, or, if told to fail fast, when the
   * first try failed for whatever reason. Unless told to fail fast the stream goes on trying.
   * Completes on the reader thread: do not block in what follows on it.
   */
  public CompletionStage<Void> firstConnection() {
    return firstConnection.minimalCompletionStage();
  }

  /** Whether stanzas can be written now. */
  public boolean isConnected() {
    return outbox.isConnected();
  }

  /** What happened since the start. */
  public Counters counters() {
    return new Counters(
        stanzasIn.get(), stanzasOut.get(), Math.max(0, connections.get() - 1), dropped.get());
  }

  @Override
  public boolean send(Packet stanza) {
    return taken(outbox.offer(StanzaWriter.bytes(stanza.getElement())));
  }

  @Override
  public boolean sendOnThisConnection(Packet stanza) {
    byte[] bytes = StanzaWriter.bytes(stanza.getElement());
    // Without a connection this is no loss: the caller is told, as agreed.
    return outbox.isConnected() && taken(outbox.offerOnThisConnection(bytes));
  }

  private boolean taken(boolean taken) {
    if (!taken) {
      dropped.incrementAndGet();
      if (!isStopping() && queueFullLogged.compareAndSet(false, true)) {
        log.error(
            "the queue to the XMPP server takes no more ({} stanzas wait): stanzas are being dropped",
            outbox.size());
      }
    }
    return taken;
  }

  private void connectAndRead() {
    while (!isStopping()) {
      Duration pause = connectOnce();
      if (pauseOrStop(pause)) {
        break;
      }
    }
    firstConnection.completeExceptionally(
        new ComponentStreamException(Kind.CLOSED, "the stream was closed before it was up"));
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private boolean pauseOrStop(Duration pause) {
    try {
      return stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      log.warn("the reader thread was interrupted: the stream ends", e);
      return true;
    }
  }

  /**
   * One connection from the first byte to the last.
   *
   * @return the pause before the next
   */
  private Duration connectOnce() {
    Session session = new Session();
    try (ComponentConnection connection =
        new ComponentConnection(connections.get() + 1, settings, session)) {
      session.run(connection);
    } catch (IOException e) {
      session.end(Kind.UNREACHABLE, describe(e));
    }
    return session.pause;
  }

  private static String describe(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** One connection's life; reader thread only. */
  private final class Session implements ComponentConnection.Receiver {
    private boolean established;
    private Duration pause = Duration.ZERO;
    private Optional<ComponentConnection> connection = Optional.empty();
    private Optional<ScheduledFuture<?>> timer = Optional.empty();

    void run(ComponentConnection opened) {
      connection = Optional.of(opened);
      current = connection;
      // Whoever closes the stream from here on sees the connection and aborts it.
      if (isStopping()) {
        return;
      }
      Kind kind = Kind.UNREACHABLE;
      String reason;
      try {
        opened.connect();
        Duration limit = settings.connectTimeout();
        timer =
            Optional.of(
                clock.schedule(
                    () -> opened.abort("no answer to the handshake in " + limit.toMillis() + " ms"),
                    limit.toMillis(),
                    TimeUnit.MILLISECONDS));
        reason = opened.read();
        kind = opened.wasRefused() ? Kind.REFUSED : kind;
      } catch (IOException e) {
        reason = opened.abortReason().orElseGet(() -> describe(e));
      } catch (StreamErrorException e) {
        reason = "stream error " + e.error().element() + " sent: " + e.getMessage();
      } catch (RuntimeException | Error e) {
        // A fault of ours must not end the thread, and with it the stream, for good; nor must one
        // stanza that the memory does not suffice for.
        log.error("reading from the XMPP server failed", e);
        reason = "internal error: " + e;
      }
      end(kind, reason);
    }

    @Override
    public void established() {
      established = true;
      stopTimer();
      backoff.reset();
      queueFullLogged.set(false);
      ComponentConnection now = connection.orElseThrow();
      connections.incrementAndGet();
      log.info("connected to the XMPP server at {} as {}", place(), settings.domain());
      outbox.connected(now.number());
      keepAlive(now);
      notifyListeners(StreamListener::connected);
      firstConnection.complete(null);
    }

    @Override
    public void element(Element element) {
      received(element);
    }

    private void keepAlive(ComponentConnection now) {
      long interval = settings.pingInterval().toMillis();
      if (interval > 0) {
        timer =
            Optional.of(
                clock.scheduleWithFixedDelay(
                    () -> probe(now), interval, Math.max(1, interval / 4), TimeUnit.MILLISECONDS));
      }
    }

    private void stopTimer() {
      timer.ifPresent(task -> task.cancel(false));
    }

    private void end(Kind kind, String reason) {
      stopTimer();
      int lost = outbox.disconnected();
      dropped.addAndGet(lost);
      current = Optional.empty();
      if (established) {
        notifyListeners(listener -> listener.disconnected(reason));
      }
      if (isStopping()) {
        return;
      }
      boolean givesUp = settings.failFast() && !firstConnection.isDone();
      if (givesUp) {
        stopping.countDown();
        outbox.close();
        clock.shutdownNow();
      } else {
        pause = kind == Kind.REFUSED ? backoff.longest() : backoff.next();
      }
      report(kind, reason, lost);
    }

    private void report(Kind kind, String reason, int lost) {
      String line = new LostConnection(kind, established, place(), reason, lost).toString();
      boolean told =
          (kind == Kind.REFUSED || settings.failFast())
              && firstConnection.completeExceptionally(new ComponentStreamException(kind, line));
      if (told) {
        // Whoever waits for the first connection says it; twice would be once too often.
        log.debug("{}", line);
      } else {
        log.warn("{}; next try in {}", line, seconds(pause));
      }
    }
  }

  private String place() {
    return settings.host() + ":" + settings.port();
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() < 1000
        ? duration.toMillis() + " ms"
        : Math.round(duration.toMillis() / 1000.0) + " s";
  }

  private void probe(ComponentConnection connection) {
    Duration silence = connection.silence();
    Duration interval = settings.pingInterval();
    if (silence.compareTo(interval.multipliedBy(2)) >= 0) {
      connection.abort("no sign of life for " + seconds(silence));
    } else if (silence.compareTo(interval) >= 0) {
      outbox.offerOnThisConnection(ping);
    }
  }

  private void notifyListeners(Consumer<StreamListener> event) {
    for (StreamListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.error("a stream listener failed", e);
      }
    }
  }

  private void received(Element element) {
    stanzasIn.incrementAndGet();
    if (isStopping()) {
      return;
    }
    Admission admission = Admission.of(element, self);
    if (admission instanceof Admission.Proper proper) {
      deliver(proper.stanza());
    } else if (admission instanceof Admission.Answered answered) {
      log.debug("answered with an error: {}", element.getName());
      taken(outbox.offer(StanzaWriter.bytes(answered.reply())));
    } else if (admission instanceof Admission.Dropped nobodyToTell) {
      dropped.incrementAndGet();
      log.warn("dropped {}", nobodyToTell.reason());
    }
  }

  private void deliver(Packet stanza) {
    if (KEEPALIVE_ID.equals(stanza.getID()) && self.equals(stanza.getFrom())) {
      // Our own probe has come back; that it did is all it was for.
      return;
    }
    try {
      handler.stanza(stanza);
    } catch (RuntimeException e) {
      log.error("the stanza handler failed on a stanza from {}", stanza.getFrom(), e);
    }
  }

  private void write() {
    try {
      for (Optional<Outbox.Batch> batch = outbox.next(BATCH_BYTES);
          batch.isPresent();
          batch = outbox.next(BATCH_BYTES)) {
        writeOrGiveUp(batch.get());
      }
      if (outbox.isConnected()) {
        finish();
      }
    } catch (InterruptedException e) {
      log.warn("the writer thread was interrupted: nothing more is written", e);
    }
  }

  /** What cannot be written for a fault of ours costs the connection, not the thread. */
  private void writeOrGiveUp(Outbox.Batch batch) {
    try {
      write(batch);
    } catch (RuntimeException | Error e) {
      log.error("writing to the XMPP server failed", e);
      outbox.broken(batch.connection());
      outbox.settle(batch, 0);
    }
  }

  private void write(Outbox.Batch batch) {
    Optional<ComponentConnection> connection =
        current.filter(candidate -> candidate.number() == batch.connection());
    if (connection.isEmpty()) {
      outbox.broken(batch.connection());
      dropped.addAndGet(outbox.settle(batch, 0));
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(batch.size());
    batch.entries().forEach(entry -> bytes.put(entry.bytes()));
    bytes.flip();
    try {
      connection.get().write(bytes);
    } catch (IOException e) {
      outbox.broken(batch.connection());
      connection.get().abort("writing failed: " + describe(e));
    }
    int whole = wholeStanzas(batch, bytes.position());
    stanzasOut.addAndGet(whole);
    dropped.addAndGet(outbox.settle(batch, whole));
  }

  private static int wholeStanzas(Outbox.Batch batch, int bytesWritten) {
    int whole = 0;
    int end = 0;
    for (Outbox.Entry entry : batch.entries()) {
      end += entry.bytes().length;
      if (end > bytesWritten) {
        break;
      }
      whole++;
    }
    return whole;
  }

  private void finish() {
    current.ifPresent(
        connection -> {
          try {
            connection.finish();
          } catch (IOException e) {
            log.debug("could not end the stream", e);
          }
        });
  }

  /**
   * Ends the stream for good: takes nothing more, writes what is queued if there is a connection,
   * ends the stream and closes the connection, all within about 2 s. What could not be written is
   * counted as dropped and logged. Stanzas that arrive meanwhile are not delivered. Calling it
   * again does nothing.
   */
  @Override
  public void close() {
    boolean first = !isStopping();
    stopping.countDown();
    outbox.close();
    long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
    if (outbox.isConnected()) {
      join(writer, deadline);
      join(reader, deadline);
    }
    current.ifPresent(connection -> connection.abort("closed"));
    join(reader, deadline + CLOSE_LIMIT.toNanos());
    join(writer, deadline + CLOSE_LIMIT.toNanos());
    clock.shutdownNow();
    int unsent = outbox.clear();
    if (first && unsent > 0) {
      dropped.addAndGet(unsent);
      log.warn("the stream to {} was closed with {} stanzas unsent", place(), unsent);
    }
    firstConnection.completeExceptionally(
        new ComponentStreamException(Kind.CLOSED, "the stream was closed before it was up"));
  }

  private static void join(Thread thread, long deadline) {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (thread == Thread.currentThread() || millis <= 0) {
      return;
    }
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
