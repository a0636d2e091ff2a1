package org.rayo.server;

import java.util.List;
import org.rayo.config.MediaConfig;
import org.rayo.config.RayoConfig;
import org.rayo.config.XmppConfig;

/** A configuration in a few lines, without its secrets. */
final class Summary {

  private Summary() {}

  static List<String> of(RayoConfig config) {
    XmppConfig xmpp = config.xmpp();
    MediaConfig.Sip sip = config.media().embedded().sip();
    String server =
        xmpp.server() == XmppConfig.Server.EMBEDDED
            ? "the embedded XMPP server"
            : "the XMPP server at " + xmpp.host() + ":" + xmpp.port();
    return List.of(
        "component  " + xmpp.domain() + " of " + server,
        "SIP        " + sip.address().getHostAddress() + ":" + sip.port(),
        "spool      " + config.spool().directory().toAbsolutePath().normalize() + ", writable",
        "stores     " + String.join(", ", config.storage().defaultStores()) + ", writable");
  }
}
