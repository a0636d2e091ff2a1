package org.rayo.xmpp;

import org.xmpp.packet.Message;

/** Receives the messages that are sent to calls. */
public interface MessageHandler {

  /**
   * Takes a message of type normal that is addressed to a call, and sees to it that it is answered
   * with an error when it cannot be delivered. Called on the reader thread, in order: must not
   * block. The call may have ended meanwhile.
   */
  void message(Message message);
}
