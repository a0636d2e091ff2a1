package org.rayo.media.sip;

import java.util.Optional;
import javax.sip.address.SipURI;

/**
 * Where an INVITE goes.
 *
 * @param uri whom it asks for
 * @param address IP address of the next hop, as a number
 * @param port of the next hop
 * @param gateway empty when the other side is called directly
 */
record DialTarget(
    SipURI uri,
    String address,
    int port,
    SipGateway.Transport transport,
    Optional<SipGateway> gateway) {

  /** For logs. */
  @Override
  public String toString() {
    return uri
        + " by "
        + gateway.map(by -> "gateway " + by.name() + ", ").orElse("")
        + address
        + ":"
        + port
        + " "
        + transport.token();
  }
}
