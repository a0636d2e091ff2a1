package org.rayo.xmpp;

import org.xmpp.packet.Packet;

/**
 * Where outgoing stanzas go. Both methods put the stanza at the end of one queue, in the order of
 * the calls, and return at once; the stanza is copied and may be changed afterwards. Thread safe.
 */
public interface StanzaSender {

  /**
   * Sends a stanza. While there is no connection it waits in a bounded queue and is written after
   * the reconnect, before anything sent later.
   *
   * @return false when the queue is full or the stream is closed: the stanza was not taken
   */
  boolean send(Packet stanza);

  /**
   * Sends a stanza on the connection there is now, or not at all: when the connection goes before
   * the stanza is written, it is dropped (and counted), and the caller decides after {@link
   * StreamListener#disconnected} whether to send it again.
   *
   * @return false when there is no connection, the queue is full or the stream is closed: the
   *     stanza was not taken
   */
  boolean sendOnThisConnection(Packet stanza);
}
