package org.rayo.media.sip;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * This side of a call's session, as its descriptions tell it.
 *
 * @param address where the other side sends its media
 * @param port where its RTP goes
 * @param sessionId of every description of this call
 * @param version of the one to be written
 */
record LocalMedia(InetAddress address, int port, long sessionId, long version) {

  Sdp describe(String timing, List<Sdp.Media> media) {
    return describe(timing, connection(), media);
  }

  /** The same, with the media somewhere else: the session stays this side's. */
  Sdp describe(String timing, Sdp.Connection where, List<Sdp.Media> media) {
    return new Sdp(
        new Sdp.Origin("-", Long.toString(sessionId), Long.toString(version), connection()),
        timing,
        Optional.of(where),
        List.of(),
        media);
  }

  Sdp.Connection connection() {
    return new Sdp.Connection(address instanceof Inet6Address ? "IP6" : "IP4", text());
  }

  LocalMedia withVersion(long newVersion) {
    return new LocalMedia(address, port, sessionId, newVersion);
  }

  /** The address without the zone that Java puts behind a link-local one. */
  private String text() {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
