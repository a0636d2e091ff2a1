package org.rayo.media.sip;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.rayo.media.MediaBackend.IncomingCallListener;
import org.rayo.media.MediaCall.RejectReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls that are there, no more than allowed. Thread safe. */
final class Calls {

  private static final Logger log = LoggerFactory.getLogger(Calls.class);

  private final int most;
  private final IncomingCallListener listener;
  private final AtomicInteger reserved = new AtomicInteger();
  private final Set<EmbeddedCall> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  Calls(int most, IncomingCallListener listener) {
    this.most = most;
    this.listener = listener;
  }

  /** Takes the room for one more call; false when there is none, or no more are taken. */
  boolean reserve() {
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
  void release() {
    reserved.decrementAndGet();
  }

  /** Announces a call for which room was reserved; the room is free again when it is over. */
  void add(EmbeddedCall call) {
    addPlaced(call);
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
  void addPlaced(EmbeddedCall call) {
    calls.add(call);
    call.whenOver(reserved::decrementAndGet);
    call.whenDeparted(() -> calls.remove(call));
  }

  void drain() {
    draining = true;
  }

  /** Hands over the call that we placed under this Call-ID, when there is one. */
  void placed(String callId, BiConsumer<EmbeddedCall, OutboundDialog> to) {
    for (EmbeddedCall call : calls) {
      if (call.signallingId().equals(callId) && call.dialog() instanceof OutboundDialog dialog) {
        to.accept(call, dialog);
      }
    }
  }

  /** Those there are now, and those that are over but not yet out of the house. */
  List<EmbeddedCall> all() {
    return List.copyOf(calls);
  }
}
