package org.rayo.config;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.rayo.media.sip.DialPlan;
import org.rayo.media.sip.SipGateway;
import org.rayo.media.sip.SipRoute;

/**
 * Whom calls are placed to, and by whom.
 *
 * @param gateways by name
 * @param routes in their order; each names one of the gateways
 * @param destinations that may be called without a gateway
 */
public record DialConfig(
    Map<String, Gateway> gateways, List<SipRoute> routes, List<String> destinations) {

  /** Who carries calls. */
  public record Gateway(
      String host,
      int port,
      SipGateway.Transport transport,
      String user,
      Secret password,
      Optional<String> realm,
      Optional<URI> from) {}

  private static final String SIP = "rayo.media.embedded.sip.";

  /** The block whose keys are the names of gateways. */
  static final String GATEWAYS = SIP + "gateways";

  private static final String ROUTES = SIP + "routes";
  private static final SipRoute NOWHERE = new SipRoute("tel:0", "", "", "");

  public DialConfig {
    gateways = Collections.unmodifiableMap(new TreeMap<>(gateways));
    routes = List.copyOf(routes);
    destinations = List.copyOf(destinations);
  }

  /** For the SIP endpoint, with the passwords. */
  public DialPlan plan() {
    return new DialPlan(
        gateways.entrySet().stream().map(e -> gateway(e.getKey(), e.getValue())).toList(),
        routes,
        destinations);
  }

  private static SipGateway gateway(String name, Gateway gateway) {
    Optional<SipGateway.Credentials> credentials =
        Optional.of(gateway.user())
            .filter(user -> !user.isEmpty())
            .map(
                user ->
                    new SipGateway.Credentials(user, gateway.password().reveal(), gateway.realm()));
    return new SipGateway(
        name, gateway.host(), gateway.port(), gateway.transport(), credentials, gateway.from());
  }

  static DialConfig read(ConfigReader reader) {
    Map<String, Gateway> gateways =
        reader.named(
            GATEWAYS,
            Map.of(
                "port",
                5060,
                "transport",
                "udp",
                "user",
                "",
                "password",
                "",
                "realm",
                "",
                "from",
                ""),
            Set.of("host"),
            DialConfig::readGateway);
    List<SipRoute> routes =
        reader.blocks(
            ROUTES,
            Map.of("strip", "", "prefix", ""),
            Set.of("to", "gateway"),
            block -> readRoute(block, gateways.keySet()));
    List<String> destinations =
        reader.list(
            SIP + "allowed-destinations",
            DialConfig::destination,
            "an IP address, a network as in 10.0.0.0/8 or a host name as in *.example.org");
    return new DialConfig(gateways, routes, destinations);
  }

  private static Gateway readGateway(ConfigReader block) {
    String user =
        block.parsed(
            "user",
            text -> text.isEmpty() ? text : checked(text).user(),
            "",
            "a user name without control characters, or empty");
    return new Gateway(
        block.host("host"),
        block.integer("port", 1, 65535),
        block.choice("transport", SipGateway.Transport.class),
        user,
        block.secret("password"),
        block.parsed(
            "realm", text -> Optional.of(text).filter(t -> !t.isEmpty()), Optional.empty(), "text"),
        block.parsed(
            "from", DialConfig::from, Optional.empty(), "a sip: or tel: address, or empty"));
  }

  private static SipGateway.Credentials checked(String user) {
    return new SipGateway.Credentials(user, "", Optional.empty());
  }

  private static Optional<URI> from(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    URI uri = URI.create(text);
    // It refuses what is no address to call from.
    return new SipGateway(
            "", "localhost", 1, SipGateway.Transport.UDP, Optional.empty(), Optional.of(uri))
        .from();
  }

  private static SipRoute readRoute(ConfigReader block, Set<String> gateways) {
    String gateway =
        block.parsed(
            "gateway",
            name -> {
              if (!gateways.contains(name)) {
                throw new IllegalArgumentException("no gateway is called '" + name + "'");
              }
              return name;
            },
            "",
            "the name of one of the gateways: " + String.join(", ", gateways));
    return route(block, gateway);
  }

  /** A route by a gateway that is known to be one. */
  static SipRoute route(ConfigReader block, String gateway) {
    String to = block.explained("to", text -> new SipRoute(text, "", "", "").to(), NOWHERE.to());
    String strip =
        block.explained("strip", text -> new SipRoute(NOWHERE.to(), "", text, "").strip(), "");
    String prefix =
        block.explained("prefix", text -> new SipRoute(NOWHERE.to(), "", "", text).prefix(), "");
    return new SipRoute(to, gateway, strip, prefix);
  }

  static String destination(String text) {
    if (!text.matches("[A-Za-z0-9*._-]+|[0-9A-Fa-f:.]+(/[0-9]+)?")) {
      throw new IllegalArgumentException("'" + text + "' is no destination");
    }
    return text;
  }
}
