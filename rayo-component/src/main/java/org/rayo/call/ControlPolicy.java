package org.rayo.call;

import java.util.LinkedHashSet;
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

  private final Set<JID> potentialControllingParties = new LinkedHashSet<>();
  private final Set<JID> informed = new LinkedHashSet<>();
  private Optional<JID> definitiveControllingParty = Optional.empty();

  /** The call has been offered to this party. */
  void offeredTo(JID party) {
    potentialControllingParties.add(party);
    informed.add(party);
  }

  /**
   * A party sends a command.
   *
   * @return why it may not, or empty: then it controls the call
   */
  Optional<StanzaError> claim(JID party) {
    informed.add(party);
    if (definitiveControllingParty.isEmpty() && potentialControllingParties.contains(party)) {
      definitiveControllingParty = Optional.of(party);
    }
    if (definitiveControllingParty.filter(party::equals).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        StanzaError.conflict(
            definitiveControllingParty.isPresent()
                ? "another party controls this call"
                : "this call was not offered to you"));
  }

  /** A potential controlling party is gone. */
  void withdraw(JID party) {
    potentialControllingParties.remove(party);
  }

  /** Nobody controls the call and nobody is left who could. */
  boolean abandoned() {
    return definitiveControllingParty.isEmpty() && potentialControllingParties.isEmpty();
  }

  Optional<JID> definitiveControllingParty() {
    return definitiveControllingParty;
  }

  boolean isControlledBy(JID party) {
    return definitiveControllingParty.filter(party::equals).isPresent();
  }

  /** All who must hear of the end: whoever got an offer or sent a command. */
  Set<JID> informed() {
    return Set.copyOf(informed);
  }
}
