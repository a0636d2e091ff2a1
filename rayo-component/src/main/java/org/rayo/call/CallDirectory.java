package org.rayo.call;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.rayo.xmpp.Entities;
import org.rayo.xmpp.EntityKind;
import org.xmpp.packet.JID;

/** The calls that are up, by the node of their address, and their components. Thread safe. */
public final class CallDirectory implements Entities {

  private final Map<String, Entry> calls = new ConcurrentHashMap<>();

  /** Ids of calls that are being placed. */
  private final Set<String> reserved = ConcurrentHashMap.newKeySet();

  /** Calls that are up, or have left the directory and still have something to say. */
  private final AtomicInteger unsettled = new AtomicInteger();

  private final CompletableFuture<Void> emptied = new CompletableFuture<>();
  private volatile boolean closing;

  private record Entry(ActorRef<CallActor.Message> actor, Set<String> components) {}

  /**
   * Takes an id for a call that is to come, until {@link #add} or {@link #release}.
   *
   * @return false when a call has it, or is to have it
   */
  boolean reserve(String id) {
    return reserved.add(id) && (!calls.containsKey(id) || !reserved.remove(id));
  }

  /** No call comes of a reservation. */
  void release(String id) {
    reserved.remove(id);
  }

  /**
   * A call is up, with an id that was reserved. When the server is stopping already, the call is
   * told so at once.
   */
  void add(String id, ActorRef<CallActor.Message> actor) {
    unsettled.incrementAndGet();
    calls.put(id, new Entry(actor, ConcurrentHashMap.newKeySet()));
    reserved.remove(id);
    if (closing) {
      actor.tell(new CallActor.Shutdown());
    }
  }

  /**
   * Brings a message to a call. What was brought before {@link #remove} has returned lies in the
   * call's mailbox then, and nothing follows.
   *
   * @return false when the call is over or never was
   */
  boolean tell(String id, CallActor.Message message) {
    return calls.computeIfPresent(
            id,
            (same, entry) -> {
              entry.actor.tell(message);
              return entry;
            })
        != null;
  }

  boolean contains(String id) {
    return calls.containsKey(id);
  }

  /** The call is over; until {@link #settled} it still counts for {@link #close}. */
  void remove(String id) {
    calls.remove(id);
  }

  /** A call that was removed has nothing left to say. */
  void settled() {
    unsettled.decrementAndGet();
    completeIfEmptied();
  }

  void addComponent(String callId, String component) {
    Entry entry = calls.get(callId);
    if (entry != null) {
      entry.components.add(component);
    }
  }

  void removeComponent(String callId, String component) {
    Entry entry = calls.get(callId);
    if (entry != null) {
      entry.components.remove(component);
    }
  }

  /** How many calls are up. */
  public int size() {
    return calls.size();
  }

  /** Ends every call; completes when the last has told its clients. */
  public CompletionStage<Void> close() {
    closing = true;
    calls.keySet().forEach(id -> tell(id, new CallActor.Shutdown()));
    completeIfEmptied();
    return emptied;
  }

  private void completeIfEmptied() {
    if (closing && unsettled.get() == 0) {
      emptied.complete(null);
    }
  }

  @Override
  public Optional<EntityKind> find(JID address) {
    if (address.getNode() == null) {
      return address.getResource() == null ? Optional.of(EntityKind.SERVER) : Optional.empty();
    }
    Entry entry = calls.get(address.getNode());
    if (entry == null) {
      return Optional.empty();
    }
    if (address.getResource() == null) {
      return Optional.of(EntityKind.CALL);
    }
    return entry.components.contains(address.getResource())
        ? Optional.of(EntityKind.COMPONENT)
        : Optional.empty();
  }
}
