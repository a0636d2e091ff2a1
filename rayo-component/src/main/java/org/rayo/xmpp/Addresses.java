package org.rayo.xmpp;

import java.util.Optional;
import org.xmpp.packet.JID;

/** Reading addresses that others wrote. */
final class Addresses {
  private Addresses() {}

  /** The address in normal form; empty when the text is none (RFC 7622). */
  static Optional<JID> parse(String text) {
    try {
      JID address = new JID(text);
      return address.getDomain().isEmpty() ? Optional.empty() : Optional.of(address);
    } catch (IllegalArgumentException | NullPointerException e) {
      // The address class throws either for what is no address, "@" and "a@" among them.
      return Optional.empty();
    }
  }

  /** Whether the address is a domain alone. */
  static boolean isDomain(JID address) {
    return address.getNode() == null && address.getResource() == null;
  }
}
