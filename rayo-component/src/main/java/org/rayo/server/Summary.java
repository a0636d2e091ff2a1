package org.rayo.server;

import java.util.List;
import java.util.stream.Collectors;
import org.rayo.config.FreeSwitchConfig;
import org.rayo.config.MediaConfig;
import org.rayo.config.RayoConfig;
import org.rayo.config.XmppConfig;

/** A configuration in a few lines, without its secrets. */
final class Summary {

  private Summary() {}

  static List<String> of(RayoConfig config) {
    XmppConfig xmpp = config.xmpp();
    String server =
        xmpp.server() == XmppConfig.Server.EMBEDDED
            ? "the embedded XMPP server"
            : "the XMPP server at " + xmpp.host() + ":" + xmpp.port();
    return List.of(
        "component  " + xmpp.domain() + " of " + server,
        media(config.media()),
        "spool      " + config.spool().directory().toAbsolutePath().normalize() + ", writable",
        "stores     " + String.join(", ", config.storage().defaultStores()) + ", writable");
  }

  /** Who carries the calls. */
  private static String media(MediaConfig media) {
    MediaConfig.Sip sip = media.embedded().sip();
    return switch (media.backend()) {
      case EMBEDDED -> "SIP        " + sip.address().getHostAddress() + ":" + sip.port();
      case FREESWITCH -> "FreeSWITCH " + servers(media.freeswitch());
    };
  }

  /** The servers of FreeSWITCH, and how calls come from them. */
  static String servers(FreeSwitchConfig config) {
    String names =
        config.servers().entrySet().stream()
            .map(e -> e.getKey() + " at " + e.getValue().host() + ":" + e.getValue().port())
            .sorted()
            .collect(Collectors.joining(", "));
    return names
        + switch (config.offers()) {
          case PARK -> ", calls that are parked";
          case SOCKET ->
              ", calls by socket "
                  + config.socket().address().getHostAddress()
                  + ":"
                  + config.socket().port();
        };
  }
}
