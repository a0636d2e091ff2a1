package org.rayo.xmpp;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.rayo.xmpp.ComponentStreamException.Kind;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * The iq requests of ours that wait for an answer. An answer counts only when both its id and its
 * sender are those of the request, so nobody else can give it.
 *
 * <p>Every request ends: with an answer, when its time is up, when the connection goes (register
 * this object as a {@link StreamListener}), or on {@link #close()}. Thread safe; what follows on a
 * result runs on the stream's reader thread or on this object's timer thread and must not block.
 */
public final class PendingQueries implements StreamListener, AutoCloseable {
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(10);

  private record Key(String id, JID from) {}

  private record Query(CompletableFuture<IQ> answer, ScheduledFuture<?> timeout) {}

  private final StanzaSender sender;
  private final JID self;
  private final Map<Key, Query> queries = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "xmpp-queries");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong sequence = new AtomicLong();
  private final String prefix = "q" + Long.toHexString(new SecureRandom().nextLong()) + "-";

  /**
   * @param domain whom requests come from that name no sender
   * @param sender where requests go
   */
  public PendingQueries(String domain, StanzaSender sender) {
    this.self = new JID(domain);
    this.sender = sender;
  }

  /**
   * Sends a request under a new id and waits for the answer without blocking.
   *
   * @param iq of type get or set, with a {@code to}; its id, and a missing {@code from}, are set
   * @param timeout how long to wait
   * @return completes with the answer, of type result or error; exceptionally with a {@link
   *     ComponentStreamException} of kind {@code TIMED_OUT}, {@code DISCONNECTED} or {@code CLOSED}
   */
  public CompletionStage<IQ> ask(IQ iq, Duration timeout) {
    String id = prefix + sequence.incrementAndGet();
    iq.setID(id);
    if (iq.getFrom() == null) {
      iq.setFrom(self);
    }
    Key key = new Key(id, iq.getTo());
    CompletableFuture<IQ> answer = new CompletableFuture<>();
    if (timer.isShutdown()) {
      answer.completeExceptionally(new ComponentStreamException(Kind.CLOSED, "closed"));
      return answer;
    }
    ScheduledFuture<?> expiry =
        timer.schedule(
            () -> fail(key, Kind.TIMED_OUT, "no answer in " + timeout.toMillis() + " ms"),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    queries.put(key, new Query(answer, expiry));
    if (!sender.sendOnThisConnection(iq)) {
      fail(key, Kind.DISCONNECTED, "the request could not be sent");
    }
    return answer.minimalCompletionStage();
  }

  /** Asks an entity whether it is there; any answer, an error too, says that somebody is. */
  public CompletionStage<IQ> ping(JID address) {
    IQ iq = new IQ(IQ.Type.get);
    iq.setTo(address);
    iq.setChildElement("ping", Namespaces.PING);
    return ask(iq, PING_TIMEOUT);
  }

  /**
   * Takes an iq of type result or error.
   *
   * @return whether somebody waited for it
   */
  public boolean answered(IQ iq) {
    Optional<Query> query = take(new Key(iq.getID(), iq.getFrom()));
    query.ifPresent(waiting -> waiting.answer().complete(iq));
    return query.isPresent();
  }

  /** How many requests wait. */
  public int size() {
    return queries.size();
  }

  private Optional<Query> take(Key key) {
    Optional<Query> query = Optional.ofNullable(queries.remove(key));
    query.ifPresent(taken -> taken.timeout().cancel(false));
    return query;
  }

  private void fail(Key key, Kind kind, String message) {
    take(key)
        .ifPresent(
            query ->
                query
                    .answer()
                    .completeExceptionally(
                        new ComponentStreamException(kind, key.from() + ": " + message)));
  }

  @Override
  public void connected() {
    // Requests begin after this; none waits.
  }

  @Override
  public void disconnected(String reason) {
    List.copyOf(queries.keySet()).forEach(key -> fail(key, Kind.DISCONNECTED, reason));
  }

  /** Fails what waits; later requests fail at once. */
  @Override
  public void close() {
    timer.shutdownNow();
    List.copyOf(queries.keySet()).forEach(key -> fail(key, Kind.CLOSED, "closed"));
  }
}
