package org.rayo.call;

import org.xmpp.packet.JID;

/**
 * The clients that share their calls and mixers; what is of another zone is out of their reach. Two
 * clients are of one zone when their zones are equal.
 *
 * @param extent how zones are drawn
 * @param name of this one: a bare JID or a domain
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#definitions">XEP-0327, definitions</a>
 */
public record SecurityZone(Extent extent, String name) {

  /** How zones are drawn. */
  public enum Extent {
    /** Around the resources of one bare JID, as is the least that the XEP asks for. */
    BARE_JID,
    /** Around all clients of one domain. */
    DOMAIN;

    /** The zone of a client. */
    public SecurityZone of(JID client) {
      return new SecurityZone(this, this == DOMAIN ? client.getDomain() : client.toBareJID());
    }
  }

  /** The zone of a client where zones are drawn around bare JIDs. */
  public static SecurityZone of(JID client) {
    return Extent.BARE_JID.of(client);
  }

  /** Whether a client is of this zone. */
  public boolean contains(JID client) {
    return extent.of(client).equals(this);
  }
}
