package org.rayo.call;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.rayo.xmpp.Entities;
import org.rayo.xmpp.EntityKind;
import org.xmpp.packet.JID;

/** The calls that are up, by the node of their address, and their components. Thread safe. */
public final class CallDirectory implements Entities {

  private final Map<String, Entry> calls = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> emptied = new CompletableFuture<>();
  private volatile boolean closing;

  private record Entry(ActorRef<CallActor.Message> actor, Set<String> components) {}

  /** The actor of a call, unless the call is over or never was. */
  Optional<ActorRef<CallActor.Message>> call(String id) {
    return Optional.ofNullable(calls.get(id)).map(Entry::actor);
  }

  void add(String id, ActorRef<CallActor.Message> actor) {
    calls.put(id, new Entry(actor, ConcurrentHashMap.newKeySet()));
  }

  /** The call is over; until {@link #settle} is called it still counts for {@link #close}. */
  void remove(String id) {
    calls.remove(id);
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

  Collection<ActorRef<CallActor.Message>> all() {
    return calls.values().stream().map(Entry::actor).collect(Collectors.toList());
  }

  /** Ends every call; completes when the last has told its clients. */
  public CompletionStage<Void> close() {
    closing = true;
    all().forEach(call -> call.tell(new CallActor.Shutdown()));
    settle();
    return emptied;
  }

  /** Whoever waits for the last call to end is told, if that was it. */
  void settle() {
    if (closing && calls.isEmpty()) {
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
