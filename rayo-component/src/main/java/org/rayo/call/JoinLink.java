package org.rayo.call;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Two that are joined, or are about to be, or not to be any more: one step at a time. Not thread
 * safe: lives on the {@link Switchboard}.
 */
final class JoinLink {

  private final Set<PartyKey> pair;
  private final Deque<Step> waiting = new ArrayDeque<>();
  private Optional<Breaking> breaking = Optional.empty();
  private boolean busy;

  /** Something to be done when nothing else is being done with the two. */
  @FunctionalInterface
  interface Step {
    void begin();
  }

  /** How the join is broken. */
  @FunctionalInterface
  interface Breaking {
    CompletionStage<Void> begin();
  }

  /**
   * @param pair of two different parties
   */
  JoinLink(Set<PartyKey> pair) {
    this.pair = pair;
  }

  Set<PartyKey> pair() {
    return pair;
  }

  PartyKey otherThan(PartyKey one) {
    return pair.stream().filter(party -> !party.equals(one)).findFirst().orElseThrow();
  }

  boolean isJoined() {
    return breaking.isPresent();
  }

  /**
   * They are joined.
   *
   * @return whether they were not before
   */
  boolean joined(Breaking how) {
    boolean first = breaking.isEmpty();
    breaking = Optional.of(how);
    return first;
  }

  /** They are not joined any more, whatever comes of it. */
  CompletionStage<Void> breakIt() {
    Breaking how = breaking.orElseThrow();
    breaking = Optional.empty();
    return how.begin();
  }

  void busy() {
    busy = true;
  }

  void idle() {
    busy = false;
  }

  void add(Step step) {
    waiting.add(step);
  }

  /** Does what can be done now. */
  void proceed() {
    while (!busy && !waiting.isEmpty()) {
      waiting.remove().begin();
    }
  }

  /** They are not joined and nobody wants them to be. */
  boolean isDone() {
    return !busy && waiting.isEmpty() && !isJoined();
  }
}
