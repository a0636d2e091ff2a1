package org.rayo.media.sip;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of this machine's addresses others are told. */
final class OwnAddress {

  private static final Logger log = LoggerFactory.getLogger(OwnAddress.class);

  private OwnAddress() {}

  /**
   * The public address, else the bound one; when that is all of them, the one that packets to the
   * other side leave by.
   *
   * @param host and port of the other side; an IP address
   */
  static InetAddress towards(String host, int port, SipEndpoint endpoint, SipSettings settings) {
    return settings
        .publicAddress()
        .flatMap(IpLiteral::parse)
        .orElseGet(() -> facing(host, port, endpoint));
  }

  private static InetAddress facing(String host, int port, SipEndpoint endpoint) {
    if (!endpoint.bound().isAnyLocalAddress()) {
      return endpoint.bound();
    }
    try (DatagramSocket socket = new DatagramSocket()) {
      // Connecting a datagram socket sends nothing: it only asks the routing table.
      socket.connect(new InetSocketAddress(host, port));
      return socket.getLocalAddress();
    } catch (IOException e) {
      log.debug("no way to {} is known: {}", host, e.getMessage());
      return InetAddress.getLoopbackAddress();
    }
  }
}
