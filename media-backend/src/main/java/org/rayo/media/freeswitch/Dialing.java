package org.rayo.media.freeswitch;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rayo.media.DialRequest;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;
import org.rayo.media.freeswitch.eventsocket.DialString;
import org.rayo.media.sip.AddressRange;
import org.rayo.media.sip.IpLiteral;
import org.rayo.media.sip.SipRoute;

/**
 * Whom FreeSWITCH may call for us, and with which words it is told to. Nothing of an address but
 * its user, host, port and transport gets into a command.
 */
final class Dialing {

  private static final Pattern SIP =
      Pattern.compile(
          "(?:([A-Za-z0-9+*#._~!%-]{1,128})@)?"
              + "([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}))?");

  private static final Pattern TRANSPORT =
      Pattern.compile("(?i);transport=([a-z]+)", Pattern.CASE_INSENSITIVE);

  private static final Pattern NUMBER = Pattern.compile("\\+?[0-9*#A-Da-d]{1,64}");

  /** The name that is shown has no characters of {@code From}'s own. */
  private static final Pattern CALLER = Pattern.compile("[A-Za-z0-9+*#._~-]{1,128}");

  private final FreeSwitchSettings.Dialing rules;

  Dialing(FreeSwitchSettings.Dialing rules) {
    this.rules = rules;
  }

  /**
   * The command that places a call.
   *
   * @param uuid of the channel to be made
   * @param patience FreeSWITCH gives up later than we do
   * @throws MediaException fault {@code REFUSED} for an address that may not be called, {@code
   *     UNSUPPORTED} for a header that cannot be set
   */
  ApiCommand originate(DialRequest request, String uuid, Duration patience) throws MediaException {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("origination_uuid", uuid);
    variables.put("originate_timeout", Long.toString(patience.toSeconds() + 5));
    // Several seconds of silence of a callee are no reason to retry or to hang up.
    variables.put("hangup_after_bridge", "false");
    variables.put("park_after_bridge", "true");
    Optional<String> from = request.from().map(URI::toString).or(rules::from);
    if (from.isPresent()) {
      variables.putAll(caller(from.get()));
    }
    for (Header header : HeaderRules.settable(request.headers())) {
      variables.put(ChannelHeaders.REQUEST + header.name(), header.value());
    }
    try {
      return DialString.to(endpoint(request.to())).with(variables).originate("park", "");
    } catch (IllegalArgumentException e) {
      throw new MediaException(Fault.REFUSED, "dial: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> caller(String from) throws MediaException {
    int colon = from.indexOf(':');
    String rest = from.substring(colon + 1);
    int at = rest.indexOf('@');
    String user = at < 0 ? rest : rest.substring(0, at);
    if (!CALLER.matcher(user).matches()) {
      throw new MediaException(
          Fault.REFUSED, "dial: '" + from + "' cannot be who calls: its user has other characters");
    }
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("origination_caller_id_number", user);
    variables.put("origination_caller_id_name", user);
    if (at >= 0 && SIP.matcher(rest).matches()) {
      variables.put("sip_invite_domain", rest.substring(at + 1));
    }
    return variables;
  }

  /** What stands for the address in a dial string. */
  private String endpoint(URI to) throws MediaException {
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "tel" -> number(to);
      case "sip" -> sip(to);
      default -> throw refused(to, "it is neither sip: nor tel:");
    };
  }

  private String number(URI to) throws MediaException {
    String number = withoutParameters(to).replaceAll("[-.()]", "");
    if (!NUMBER.matcher(number).matches()) {
      throw refused(to, "it is no number");
    }
    return routed("tel:" + number, number).orElseThrow(() -> refused(to, "no route takes it"));
  }

  private String sip(URI to) throws MediaException {
    Matcher address = SIP.matcher(withoutParameters(to));
    if (!address.matches()) {
      throw refused(to, "it is no sip: address of a user, a host and a port");
    }
    String user = Optional.ofNullable(address.group(1)).orElse("");
    String host = address.group(2).toLowerCase(Locale.ROOT);
    Optional<String> routed = routed("sip:" + (user.isEmpty() ? "" : user + "@") + host, user);
    if (routed.isPresent()) {
      return routed.get();
    }
    if (!isAllowed(host)) {
      throw refused(to, "no route takes it, and its host may not be called directly");
    }
    String port = Optional.ofNullable(address.group(3)).map(p -> ":" + p).orElse("");
    return "sofia/"
        + rules.profile()
        + "/"
        + (user.isEmpty() ? "" : user + "@")
        + host
        + port
        + transport(to);
  }

  private static String transport(URI to) throws MediaException {
    Matcher transport = TRANSPORT.matcher(to.getSchemeSpecificPart());
    if (!transport.find()) {
      return "";
    }
    String name = transport.group(1).toLowerCase(Locale.ROOT);
    if (!name.equals("udp") && !name.equals("tcp") && !name.equals("tls")) {
      throw new MediaException(
          Fault.REFUSED,
          "dial: '" + to + "' cannot be called: its transport is not udp, tcp or tls");
    }
    return ";transport=" + name;
  }

  private static String withoutParameters(URI to) {
    return to.getRawSchemeSpecificPart().split("[;?]", 2)[0];
  }

  private Optional<String> routed(String address, String user) {
    for (SipRoute route : rules.routes()) {
      Optional<String> asked = route.userFor(address, user);
      if (asked.isPresent()) {
        return Optional.of("sofia/gateway/" + route.gateway() + "/" + asked.get());
      }
    }
    return Optional.empty();
  }

  /** By its name as it stands; FreeSWITCH looks it up. */
  private boolean isAllowed(String host) {
    String bare = host.replace("[", "").replace("]", "");
    return rules.direct().stream().anyMatch(entry -> allows(entry, bare));
  }

  private static boolean allows(String entry, String host) {
    Optional<AddressRange> range = range(entry);
    Optional<InetAddress> literal = IpLiteral.parse(host);
    return range.isPresent()
        ? literal.isPresent() && range.get().contains(literal.get())
        : SipRoute.matches(entry, host);
  }

  private static Optional<AddressRange> range(String entry) {
    try {
      return Optional.of(AddressRange.parse(entry));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  private MediaException refused(URI to, String why) {
    String routes =
        rules.routes().isEmpty()
            ? "no route"
            : "routes take "
                + String.join(
                    ", ", rules.routes().stream().map(SipRoute::to).toArray(String[]::new));
    String direct =
        rules.direct().isEmpty()
            ? "no destination is configured"
            : "sip: may name " + String.join(", ", rules.direct());
    return new MediaException(
        Fault.REFUSED,
        "dial: '" + to + "' cannot be called: " + why + " (" + routes + "; " + direct + ")");
  }

  /** One that no other channel has. */
  static String newUuid() {
    return UUID.randomUUID().toString();
  }
}
