package org.rayo.call;

import java.util.function.Predicate;
import org.xmpp.packet.JID;

/**
 * Who may be a client of this server, and how much of it each may have.
 *
 * @param allowed tells of a full JID whether it may be a client at all
 * @param dialNeedsPresence only clients that have sent presence may dial
 * @param calls that each client has dialled and that are up
 */
public record ClientAdmission(
    Predicate<JID> allowed, boolean dialNeedsPresence, ClientQuota calls) {

  /** Everybody may be a client, and dial as often as it likes. */
  static ClientAdmission ofEverybody() {
    return new ClientAdmission(client -> true, false, ClientQuota.ofCalls(0));
  }
}
