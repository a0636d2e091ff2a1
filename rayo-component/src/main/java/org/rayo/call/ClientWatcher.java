package org.rayo.call;

import org.xmpp.packet.JID;

/** Is told when a client comes and goes. Called with a lock held: must only pass it on. */
interface ClientWatcher {

  void clientGone(JID client);

  void clientBack(JID client);
}
