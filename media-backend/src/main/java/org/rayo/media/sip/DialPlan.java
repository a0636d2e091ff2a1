package org.rayo.media.sip;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whom this endpoint may call, and which way.
 *
 * @param gateways names are unique
 * @param routes asked in their order, the first that fits wins
 * @param direct what {@code sip:} addresses that no route takes may name, to be called without a
 *     gateway: addresses, networks, or host names with {@code *} for anything. An endpoint on
 *     loopback may call loopback besides
 */
public record DialPlan(List<SipGateway> gateways, List<SipRoute> routes, List<String> direct) {

  /** Nobody may be called, but from loopback to loopback. */
  public static final DialPlan NONE = new DialPlan(List.of(), List.of(), List.of());

  public DialPlan {
    gateways = List.copyOf(gateways);
    routes = List.copyOf(routes);
    direct = List.copyOf(direct);
    if (gateways.stream().map(SipGateway::name).distinct().count() < gateways.size()) {
      throw new IllegalArgumentException("two gateways have the same name");
    }
    for (SipRoute route : routes) {
      if (named(gateways, route.gateway()).isEmpty()) {
        throw new IllegalArgumentException("no gateway is called '" + route.gateway() + "'");
      }
    }
  }

  /** A gateway, and the number or user to ask it for. */
  record Way(SipGateway gateway, String user) {
    Way {
      Objects.requireNonNull(user, "user");
    }
  }

  /**
   * The way that an address takes; empty when there is no route for it.
   *
   * @param address without port and parameters
   * @param user the number or user in it
   */
  Optional<Way> way(String address, String user) {
    for (SipRoute route : routes) {
      Optional<String> asked = route.userFor(address, user);
      if (asked.isPresent()) {
        return named(gateways, route.gateway()).map(gateway -> new Way(gateway, asked.get()));
      }
    }
    return Optional.empty();
  }

  /** Whether a host may be called directly by its name, whatever its address. */
  boolean allowsName(String host) {
    return direct.stream()
        .anyMatch(entry -> range(entry).isEmpty() && SipRoute.matches(entry, host));
  }

  /** Whether an address decides, so that a name must be looked up. */
  boolean hasRanges() {
    return direct.stream().anyMatch(entry -> range(entry).isPresent());
  }

  /** Whether an address may be called directly. */
  boolean allowsAddress(InetAddress address) {
    return direct.stream()
        .flatMap(entry -> range(entry).stream())
        .anyMatch(r -> r.contains(address));
  }

  /** For whoever was refused. */
  String allowed() {
    List<String> ways = new ArrayList<>();
    if (!routes.isEmpty()) {
      ways.add(
          "routes take " + routes.stream().map(SipRoute::to).collect(Collectors.joining(", ")));
    }
    if (!direct.isEmpty()) {
      ways.add("sip: may name " + String.join(", ", direct));
    }
    return ways.isEmpty() ? "no route and no destination is configured" : String.join("; ", ways);
  }

  private static Optional<AddressRange> range(String entry) {
    try {
      return Optional.of(AddressRange.parse(entry));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  private static Optional<SipGateway> named(List<SipGateway> gateways, String name) {
    return gateways.stream().filter(gateway -> gateway.name().equals(name)).findFirst();
  }
}
