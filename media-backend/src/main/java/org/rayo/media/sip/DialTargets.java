package org.rayo.media.sip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import javax.sip.address.SipURI;
import javax.sip.address.TelURL;
import javax.sip.address.URI;
import org.rayo.media.MediaException;

/** Makes targets of addresses, as the {@link DialPlan} allows. Asks name servers: blocks. */
final class DialTargets {

  private static final int SIP_PORT = 5060;

  private final SipEndpoint endpoint;
  private final DialPlan plan;

  DialTargets(SipEndpoint endpoint, DialPlan plan) {
    this.endpoint = endpoint;
    this.plan = plan;
  }

  /**
   * The target of an address.
   *
   * @throws MediaException fault {@code REFUSED} for what may not be called, saying what may;
   *     {@code FAILED} when the host is not known
   */
  DialTarget of(String address) throws MediaException {
    URI uri = endpoint.messages().uri(address);
    String plain =
        SipAddresses.plain(uri)
            .map(java.net.URI::toString)
            .orElseThrow(() -> refused(address, "it is neither sip: nor tel:"));
    if (uri instanceof TelURL) {
      // Separators are for the eye (RFC 3966, section 5.1.1).
      String number = plain.substring("tel:".length()).replaceAll("[-.()]", "");
      return plan.way("tel:" + number, number)
          .map(way -> ask(way, Optional.empty()))
          .orElseThrow(() -> refused(address, "no route takes it"))
          .resolve(this);
    }
    SipURI sip = (SipURI) uri;
    if (sip.isSecure()) {
      throw refused(address, "sips: needs TLS, which this endpoint does not have");
    }
    if (sip.getPort() == 0 || sip.getPort() > 65535) {
      throw refused(address, "its port is none");
    }
    String user = sip.getUser() == null ? "" : sip.getUser();
    Optional<DialPlan.Way> way = plan.way(plain, user);
    if (way.isPresent()) {
      return ask(way.get(), Optional.of(sip)).resolve(this);
    }
    return direct(address, sip, user);
  }

  private DialTarget direct(String address, SipURI sip, String user) throws MediaException {
    // Of the address only these parts count: others, such as maddr, could lead elsewhere.
    String host = sip.getHost().toLowerCase(Locale.ROOT);
    int port = sip.getPort() > 0 ? sip.getPort() : SIP_PORT;
    String transport = sip.getTransportParam() == null ? "udp" : sip.getTransportParam();
    if (!transport.equalsIgnoreCase("udp") && !transport.equalsIgnoreCase("tcp")) {
      throw refused(address, "its transport is neither udp nor tcp");
    }
    boolean named = plan.allowsName(host);
    Optional<InetAddress> literal = literal(host);
    if (!named && literal.isEmpty() && !host.equals("localhost") && !plan.hasRanges()) {
      throw refused(address, "no route takes it, and its host may not be called directly");
    }
    InetAddress to = literal.isPresent() ? literal.get() : lookUp(host, address);
    boolean ours = endpoint.bound().isLoopbackAddress() && to.isLoopbackAddress();
    if (!named && !ours && !plan.allowsAddress(to)) {
      throw refused(address, "no route takes it, and its host may not be called directly");
    }
    return new DialTarget(
        endpoint.messages().sipUri(user, sip.getHost(), sip.getPort(), false),
        text(to),
        port,
        SipGateway.Transport.valueOf(transport.toUpperCase(Locale.ROOT)),
        Optional.empty());
  }

  /** A request to a gateway whose host is not looked up yet. */
  private Asked ask(DialPlan.Way way, Optional<SipURI> called) {
    SipGateway gateway = way.gateway();
    int port = gateway.port() == SIP_PORT ? -1 : gateway.port();
    SipURI uri =
        called
            .map(sip -> endpoint.messages().sipUri(way.user(), sip.getHost(), sip.getPort(), false))
            .orElseGet(() -> endpoint.messages().sipUri(way.user(), gateway.host(), port, true));
    return new Asked(gateway, uri);
  }

  private record Asked(SipGateway gateway, SipURI uri) {
    DialTarget resolve(DialTargets targets) throws MediaException {
      InetAddress address =
          literal(gateway.host()).isPresent()
              ? literal(gateway.host()).get()
              : targets.lookUp(gateway.host());
      return new DialTarget(
          uri, text(address), gateway.port(), gateway.transport(), Optional.of(gateway));
    }
  }

  private InetAddress lookUp(String host, String address) throws MediaException {
    try {
      return lookUp(host);
    } catch (MediaException e) {
      throw refused(address, "no route takes it, and its host is not known");
    }
  }

  /** One of the family that this endpoint is bound to, where there is one. */
  private InetAddress lookUp(String host) throws MediaException {
    try {
      InetAddress[] all = InetAddress.getAllByName(host);
      return Arrays.stream(all)
          .filter(each -> each.getAddress().length == endpoint.bound().getAddress().length)
          .findFirst()
          .orElse(all[0]);
    } catch (UnknownHostException e) {
      throw new MediaException(
          MediaException.Fault.FAILED, "dial: the host '" + host + "' is not known", e);
    }
  }

  private static Optional<InetAddress> literal(String host) {
    return IpLiteral.parse(host.replace("[", "").replace("]", ""));
  }

  private static String text(InetAddress address) {
    return address.getHostAddress();
  }

  private MediaException refused(String address, String why) {
    return new MediaException(
        MediaException.Fault.REFUSED,
        "dial: '" + address + "' cannot be called: " + why + " (" + plan.allowed() + ")");
  }
}
