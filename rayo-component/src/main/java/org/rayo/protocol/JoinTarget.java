package org.rayo.protocol;

import org.xmpp.packet.JID;

/** What a call is joined to. */
public sealed interface JoinTarget {

  /**
   * Another call.
   *
   * @param address a bare JID
   */
  record OfCall(JID address) implements JoinTarget {}

  /**
   * A mixer.
   *
   * @param name as a client wrote it
   * @param node of the mixer's address: the name as XMPP compares it
   */
  record OfMixer(String name, String node) implements JoinTarget {}
}
