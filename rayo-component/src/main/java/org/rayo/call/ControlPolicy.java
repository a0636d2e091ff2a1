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
 * on.
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

  private final Set<JID> potentialControllingParties = new LinkedHashSet<>();
  private final Set<JID> away = new HashSet<>();
  private final Set<JID> strangers = new LinkedHashSet<>();
  private Optional<JID> definitiveControllingParty = Optional.empty();

  /** The call has been offered to this party. */
  void offeredTo(JID party) {
    potentialControllingParties.add(party);
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

  /** A party sends a command of any kind, allowed or not: it must hear of the end. */
  void heardFrom(JID party) {
    if (!potentialControllingParties.contains(party) && strangers.size() < STRANGERS_LIMIT) {
      strangers.add(party);
    }
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

  /** All who must hear of the end: whoever got an offer or sent a command, in this order. */
  List<JID> informed() {
    Set<JID> all = new LinkedHashSet<>(potentialControllingParties);
    all.addAll(strangers);
    return List.copyOf(all);
  }
}
