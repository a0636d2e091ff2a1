package org.rayo.call;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.rayo.call.OfferPolicy.Mode;
import org.xmpp.packet.JID;

/**
 * Who of the clients is offered one call next: step by step, nobody twice. Not thread safe: lives
 * on its call's actor.
 */
final class OfferPlan {

  private final List<Predicate<JID>> steps;
  private final Mode mode;
  private final Duration timeout;
  private final Set<JID> asked = new HashSet<>();
  private int step;

  /**
   * @param steps each tells who is asked in it
   * @param timeout zero: none
   */
  OfferPlan(List<Predicate<JID>> steps, Mode mode, Duration timeout) {
    this.steps = List.copyOf(steps);
    this.mode = mode;
    this.timeout = timeout;
  }

  /**
   * Offers the call to those whose turn it is. Steps in which nobody is there are passed over.
   *
   * @param offer offers the call to one client, and tells whether that could be sent
   * @return to how many it was offered; none: nobody is left, and the same may be tried again later
   */
  int offerNext(Clients clients, Predicate<JID> offer) {
    int before = step;
    Set<JID> tried = new HashSet<>(asked);
    while (step < steps.size()) {
      List<JID> next = next(clients, tried);
      tried.addAll(next);
      List<JID> offered = next.stream().filter(offer).toList();
      asked.addAll(offered);
      if (!offered.isEmpty()) {
        return offered.size();
      }
    }
    step = before;
    return 0;
  }

  private List<JID> next(Clients clients, Set<JID> tried) {
    Predicate<JID> fits = steps.get(step).and(client -> !tried.contains(client));
    List<JID> next =
        mode == Mode.ALL
            ? clients.takingOffers(fits)
            : clients.nextInTurn(fits).map(List::of).orElse(List.of());
    if (mode == Mode.ALL || next.isEmpty()) {
      step++;
    }
    return next;
  }

  /** Whether a client is still to be asked. */
  boolean isToAsk(JID client) {
    return !asked.contains(client)
        && steps.subList(step, steps.size()).stream().anyMatch(fits -> fits.test(client));
  }

  /** How long whoever was asked last has before the next are; empty: for ever. */
  Optional<Duration> timeout() {
    return Optional.of(timeout).filter(limit -> !limit.isZero());
  }
}
