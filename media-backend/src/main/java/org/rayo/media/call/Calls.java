package org.rayo.media.call;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.rayo.media.MediaBackend.IncomingCallListener;
import org.rayo.media.MediaCall.RejectReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of a backend that are there, no more than allowed. Thread safe.
 *
 * @param <C> what the backend makes of a call
 */
public final class Calls<C extends OwnCall> {

  private static final Logger log = LoggerFactory.getLogger(Calls.class);

  private final int most;
  private final IncomingCallListener listener;
  private final AtomicInteger reserved = new AtomicInteger();
  private final Set<C> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /**
   * @param most that there may be at once
   * @param listener told of those that ring in
   */
  public Calls(int most, IncomingCallListener listener) {
    this.most = most;
    this.listener = listener;
  }

  /** Takes the room for one more call; false when there is none, or no more are taken. */
  public boolean reserve() {
    if (draining) {
      return false;
    }
    if (reserved.incrementAndGet() > most) {
      reserved.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Gives the room back that was reserved: there is no call after all. */
  public void release() {
    reserved.decrementAndGet();
  }

  /** Announces a call for which room was reserved; the room is free again when it is over. */
  public void announce(C call) {
    add(call);
    call.announce(
        announced -> {
          log.debug("{}: announced", announced);
          try {
            listener.incoming(announced);
          } catch (RuntimeException e) { // nobody will ever answer it then
            log.error("{}: whoever should take it failed", announced, e);
            CompletionStage<Void> unused = announced.reject(RejectReason.ERROR, List.of());
          }
        });
  }

  /** A call of ours for which room was reserved; the room is free again when it is over. */
  public void add(C call) {
    calls.add(call);
    call.whenOver(this::release);
    call.whenDeparted(() -> calls.remove(call));
  }

  public void drain() {
    draining = true;
  }

  /** Those there are now, and those that are over but not yet out of the house. */
  public List<C> all() {
    return List.copyOf(calls);
  }
}
