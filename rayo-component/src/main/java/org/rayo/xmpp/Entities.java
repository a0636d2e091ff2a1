package org.rayo.xmpp;

import java.util.Optional;
import org.xmpp.packet.JID;

/** Knows which entities there are. Thread safe and quick: asked on the reader thread. */
public interface Entities {

  /**
   * What is at an address of this component; empty when there is nothing that concerns whoever
   * asks.
   */
  Optional<EntityKind> find(JID address, JID asker);
}
