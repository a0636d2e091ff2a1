package org.rayo.xmpp;

import org.xmpp.packet.Packet;

/** Receives the stanzas of a stream. */
public interface StanzaHandler {

  /**
   * Takes one stanza. Called on the stream's one reader thread, in the order of arrival: an
   * implementation must not block. Addresses are valid and {@code from} and {@code to} are there;
   * an iq has an id and a type; a presence has a known type and show.
   */
  void stanza(Packet stanza);
}
