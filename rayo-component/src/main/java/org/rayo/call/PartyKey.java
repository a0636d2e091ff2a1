package org.rayo.call;

import java.util.Optional;

/**
 * Which call or mixer. A call's id is nobody else's; mixers of different zones may be called the
 * same, and have the same address: every client knows those of its own zone.
 *
 * @param zone of a mixer; empty for a call
 * @param node of its address
 */
record PartyKey(Optional<SecurityZone> zone, String node) {

  static PartyKey ofCall(String id) {
    return new PartyKey(Optional.empty(), id);
  }

  static PartyKey ofMixer(SecurityZone zone, String node) {
    return new PartyKey(Optional.of(zone), node);
  }

  boolean isMixer() {
    return zone.isPresent();
  }
}
