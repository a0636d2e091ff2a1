package org.rayo.call;

import java.util.HashMap;
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

/**
 * The calls and mixers that are up, by the node of their address, and their components. No call and
 * mixer have the same node. Thread safe.
 */
public final class CallDirectory implements Entities {

  private final SecurityZone.Extent zones;
  private final Map<String, Entry<CallActor.Message>> calls = new ConcurrentHashMap<>();
  private final Map<PartyKey, Entry<MixerActor.Message>> mixers = new ConcurrentHashMap<>();

  /** Ids of calls that are being placed; guarded by itself, as are the nodes. */
  private final Set<String> reserved = ConcurrentHashMap.newKeySet();

  /** How many mixers, of different zones, have a node: until they have told their end. */
  private final Map<String, Integer> mixerNodes = new HashMap<>();

  /** What is up, or has left the directory and still has something to say. */
  private final AtomicInteger unsettled = new AtomicInteger();

  private final CompletableFuture<Void> emptied = new CompletableFuture<>();
  private volatile boolean closing;

  private record Entry<M>(ActorRef<M> actor, Set<String> components) {
    Entry(ActorRef<M> actor) {
      this(actor, ConcurrentHashMap.newKeySet());
    }
  }

  /**
   * @param zones how they are drawn around the clients who share mixers
   */
  public CallDirectory(SecurityZone.Extent zones) {
    this.zones = zones;
  }

  /**
   * Takes an id for a call that is to come, until {@link #add} or {@link #release}.
   *
   * @return false when a call or a mixer has it, or a call is to have it
   */
  boolean reserve(String id) {
    synchronized (reserved) {
      return !mixerNodes.containsKey(id) && !calls.containsKey(id) && reserved.add(id);
    }
  }

  /** No call comes of a reservation. */
  void release(String id) {
    synchronized (reserved) {
      reserved.remove(id);
    }
  }

  /**
   * A call is up, with an id that was reserved. When the server is stopping already, the call is
   * told so at once.
   */
  void add(String id, ActorRef<CallActor.Message> actor) {
    unsettled.incrementAndGet();
    synchronized (reserved) {
      calls.put(id, new Entry<>(actor));
      reserved.remove(id);
    }
    if (closing) {
      actor.tell(new CallActor.Shutdown());
    }
  }

  /**
   * Takes a node for a mixer that is to come, until {@link #settledMixer}. Mixers of different
   * zones may have the same.
   *
   * @return false when a call has it, or is to have it
   */
  boolean reserveMixer(PartyKey mixer) {
    synchronized (reserved) {
      if (calls.containsKey(mixer.node()) || reserved.contains(mixer.node())) {
        return false;
      }
      mixerNodes.merge(mixer.node(), 1, Integer::sum);
    }
    unsettled.incrementAndGet();
    return true;
  }

  /** A mixer is up, with a node that was reserved. */
  void addMixer(PartyKey mixer, ActorRef<MixerActor.Message> actor) {
    mixers.put(mixer, new Entry<>(actor));
  }

  /**
   * Brings a message to a call. What was brought before {@link #remove} has returned lies in the
   * call's mailbox then, and nothing follows.
   *
   * @return false when the call is over or never was
   */
  boolean tell(String id, CallActor.Message message) {
    return tell(calls, id, message);
  }

  /** The same for a mixer. */
  boolean tell(PartyKey mixer, MixerActor.Message message) {
    return tell(mixers, mixer, message);
  }

  private static <K, M> boolean tell(Map<K, Entry<M>> parties, K key, M message) {
    return parties.computeIfPresent(
            key,
            (same, entry) -> {
              entry.actor.tell(message);
              return entry;
            })
        != null;
  }

  boolean contains(String id) {
    return calls.containsKey(id);
  }

  /** The mixer that a client means by this node. */
  Optional<PartyKey> mixer(JID client, String node) {
    return Optional.of(PartyKey.ofMixer(zones.of(client), node)).filter(mixers::containsKey);
  }

  /** The call is over; until {@link #settled} it still counts for {@link #close}. */
  void remove(String id) {
    calls.remove(id);
  }

  /** The mixer is over; until {@link #settledMixer} it still counts for {@link #close}. */
  void removeMixer(PartyKey mixer) {
    mixers.remove(mixer);
  }

  /** A call that was removed has nothing left to say. */
  void settled() {
    unsettled.decrementAndGet();
    completeIfEmptied();
  }

  /** Neither has a mixer that was removed, or never came. */
  void settledMixer(PartyKey mixer) {
    synchronized (reserved) {
      mixerNodes.computeIfPresent(mixer.node(), (node, count) -> count == 1 ? null : count - 1);
    }
    settled();
  }

  void addComponent(PartyKey party, String component) {
    find(party).ifPresent(entry -> entry.components().add(component));
  }

  void removeComponent(PartyKey party, String component) {
    find(party).ifPresent(entry -> entry.components().remove(component));
  }

  private Optional<? extends Entry<?>> find(PartyKey party) {
    return Optional.ofNullable(party.isMixer() ? mixers.get(party) : calls.get(party.node()));
  }

  /** How many calls are up. */
  public int size() {
    return calls.size();
  }

  /** How many mixers are up. */
  public int mixers() {
    return mixers.size();
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
  public Optional<EntityKind> find(JID address, JID asker) {
    if (address.getNode() == null) {
      return address.getResource() == null ? Optional.of(EntityKind.SERVER) : Optional.empty();
    }
    Optional<PartyKey> mixer = mixer(asker, address.getNode());
    Optional<? extends Entry<?>> entry =
        find(mixer.orElseGet(() -> PartyKey.ofCall(address.getNode())));
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    if (address.getResource() == null) {
      return Optional.of(mixer.isPresent() ? EntityKind.MIXER : EntityKind.CALL);
    }
    return entry.get().components().contains(address.getResource())
        ? Optional.of(EntityKind.COMPONENT)
        : Optional.empty();
  }
}
