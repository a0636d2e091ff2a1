package org.rayo.xmpp;

import org.xmpp.packet.Presence;

/** Receives presences. */
public interface PresenceHandler {

  /** Takes a presence of any type. Called on the reader thread, in order: must not block. */
  void presence(Presence presence);
}
