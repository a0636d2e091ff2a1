package org.rayo.call;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.JID;

/**
 * Who may command a call. The parties it was offered to are its potential controlling parties; the
 * first of them to send a command becomes the definitive one, and nobody else is obeyed from then
 * on. While that one is away, another resource of its bare JID that sends a command takes its
 * place, with all that was its.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-establishment-inbound">XEP-0327,
 *     inbound sessions</a>
 */
final class ControlPolicy {

  /**
   * Parties the call was not offered to that are told of its end all the same, since they sent a
   * command; those after them are not remembered.
   */
  static final int STRANGERS_LIMIT = 100;

  private final SecurityZone.Extent zones;
  private final Set<JID> potentialControllingParties = new LinkedHashSet<>();
  private final Set<JID> away = new HashSet<>();
  private final Set<JID> strangers = new LinkedHashSet<>();

  /** Those that controlled the call until another took their place. */
  private final Set<JID> succeeded = new LinkedHashSet<>();

  private Optional<JID> definitiveControllingParty = Optional.empty();

  ControlPolicy(SecurityZone.Extent zones) {
    this.zones = zones;
  }

  /** The call has been offered to this party. */
  void offeredTo(JID party) {
    potentialControllingParties.add(party);
  }

  /** This party has dialled the call, which makes it the controlling one. */
  void dialledBy(JID party) {
    potentialControllingParties.add(party);
    definitiveControllingParty = Optional.of(party);
  }

  /**
   * A party sends a command to the call.
   *
   * @return why it may not, or empty: then it controls the call
   */
  Optional<StanzaError> claim(JID party) {
    heardFrom(party);
    if (definitiveControllingParty.isEmpty() && potentialControllingParties.contains(party)) {
      definitiveControllingParty = Optional.of(party);
    }
    if (isControlledBy(party)) {
      return Optional.empty();
    }
    return Optional.of(
        StanzaError.conflict(
            definitiveControllingParty.isPresent()
                ? "another party controls this call"
                : "this call was not offered to you"));
  }

  /**
   * A party sends a command of any kind, allowed or not: it must hear of the end. It takes the
   * place of the controlling party if that is away and it is another of its resources.
   */
  void heardFrom(JID party) {
    definitiveControllingParty
        .filter(controller -> isHeir(party, controller))
        .ifPresent(controller -> takeOver(party, controller));
    if (!potentialControllingParties.contains(party) && strangers.size() < STRANGERS_LIMIT) {
      strangers.add(party);
    }
  }

  private boolean isHeir(JID party, JID controller) {
    return away.contains(controller)
        && !party.equals(controller)
        && party.asBareJID().equals(controller.asBareJID());
  }

  private void takeOver(JID party, JID controller) {
    definitiveControllingParty = Optional.of(party);
    potentialControllingParties.add(party);
    succeeded.add(controller);
    succeeded.remove(party);
  }

  /** A party is not there any more; as long as it is not, it cannot take the call. */
  void withdraw(JID party) {
    away.add(party);
  }

  /** It is there again, and has still been offered the call. */
  void comeBack(JID party) {
    away.remove(party);
  }

  /** Nobody controls the call and nobody is there who could. */
  boolean abandoned() {
    return definitiveControllingParty.isEmpty() && away.containsAll(potentialControllingParties);
  }

  Optional<JID> definitiveControllingParty() {
    return definitiveControllingParty;
  }

  boolean isControlledBy(JID party) {
    return definitiveControllingParty.filter(party::equals).isPresent();
  }

  /**
   * To whom belongs what a party has made: to itself; if it controlled the call until another took
   * its place, to whoever controls the call now.
   */
  JID ownerOf(JID maker) {
    return succeeded.contains(maker) ? definitiveControllingParty.orElse(maker) : maker;
  }

  /** The controlling party is of this zone, or one that can still become it. */
  boolean isOf(SecurityZone zone) {
    return definitiveControllingParty.isPresent()
        ? zone.contains(definitiveControllingParty.get())
        : potentialControllingParties.stream().anyMatch(zone::contains);
  }

  /** The zone of the controlling party. */
  Optional<SecurityZone> zone() {
    return definitiveControllingParty.map(zones::of);
  }

  /**
   * All who must hear of the end: whoever got an offer or sent a command, in this order; not those
   * that are away and whose place another has taken.
   */
  List<JID> informed() {
    return known().stream()
        .filter(party -> !(succeeded.contains(party) && away.contains(party)))
        .toList();
  }

  /** Whoever got an offer or sent a command, in this order. */
  List<JID> known() {
    Set<JID> all = new LinkedHashSet<>(potentialControllingParties);
    all.addAll(strangers);
    return List.copyOf(all);
  }
}
