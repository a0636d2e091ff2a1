package org.rayo.xmpp;

/** Told when a stream comes and goes. Called on the stream's reader thread; must not block. */
public interface StreamListener {

  /**
   * The handshake succeeded. No stanza of this connection was delivered yet, and stanzas that
   * waited for it are ahead of whatever is sent from here.
   */
  void connected();

  /**
   * The connection is gone; what was sent with {@link StanzaSender#sendOnThisConnection} and not
   * written is dropped. Called once for each {@link #connected()}.
   *
   * @param reason for a person to read
   */
  void disconnected(String reason);
}
