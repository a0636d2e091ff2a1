package org.rayo.server;

import org.rayo.config.MediaConfig;
import org.rayo.config.RayoConfig;
import org.rayo.config.XmppConfig;

/** A configuration in a line, without its secrets. */
final class Summary {

  private Summary() {}

  static String of(RayoConfig config) {
    XmppConfig xmpp = config.xmpp();
    MediaConfig.Sip sip = config.media().embedded().sip();
    String server =
        xmpp.server() == XmppConfig.Server.EMBEDDED
            ? "embedded XMPP server"
            : xmpp.host() + ":" + xmpp.port();
    return "component "
        + xmpp.domain()
        + " at "
        + server
        + "; SIP on "
        + sip.address().getHostAddress()
        + ":"
        + sip.port()
        + "; spool "
        + config.spool().directory()
        + "; recordings to "
        + config.storage().defaultStores();
  }
}
