package org.rayo.xmpp;

import org.xmpp.packet.IQ;

/** Receives Rayo commands. */
public interface CommandHandler {

  /**
   * Takes an iq of type get or set whose one child is in a namespace that starts with {@code
   * urn:xmpp:rayo}, and sees to it that it is answered exactly once. Called on the reader thread,
   * in order: must not block. The entity it is addressed to need not exist.
   */
  void command(IQ iq);
}
