package org.rayo.media.freeswitch;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rayo.media.Header;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIP headers and addresses, as mod_sofia keeps them in a channel's variables. */
final class ChannelHeaders {

  private static final Logger log = LoggerFactory.getLogger(ChannelHeaders.class);

  /** Variables with this prefix become headers of an INVITE, and come from one. */
  static final String REQUEST = "sip_h_";

  /** The same for what answers it for good. */
  static final String RESPONSE = "sip_rh_";

  /** The same for a provisional response. */
  static final String PROGRESS = "sip_ph_";

  /** The same for a BYE. */
  static final String BYE = "sip_bye_h_";

  private static final String VARIABLE = "variable_";

  /** Headers that mod_sofia keeps under names of its own. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "sip_subject", "Subject",
          "sip_user_agent", "User-Agent",
          "sip_P-Asserted-Identity", "P-Asserted-Identity",
          "sip_Privacy", "Privacy",
          "sip_history_info", "History-Info");

  private ChannelHeaders() {}

  /** Those of the INVITE of a call that rang in. */
  static List<Header> ofInvite(SwitchEvent event) {
    List<Header> told = new ArrayList<>(withPrefix(event, REQUEST));
    for (SwitchEvent.Field each : event.headers()) {
      String name = OTHERS.get(variable(each.name()));
      if (name != null) {
        add(name, each.value(), told);
      }
    }
    return List.copyOf(told);
  }

  /** Those of the response to an INVITE of ours, as far as mod_sofia keeps them. */
  static List<Header> told(SwitchEvent event) {
    List<Header> told = new ArrayList<>(withPrefix(event, PROGRESS));
    told.addAll(withPrefix(event, RESPONSE));
    return List.copyOf(told);
  }

  /** Those of the other side's BYE. */
  static List<Header> toldOfBye(SwitchEvent event) {
    return withPrefix(event, BYE);
  }

  /** Whom the caller called. */
  static URI to(SwitchEvent event) {
    return address(
        event, "sip_to_uri", event.header("Caller-Destination-Number").orElse("unknown"));
  }

  /** Who calls. */
  static URI from(SwitchEvent event) {
    return address(
        event, "sip_from_uri", event.header("Caller-Caller-ID-Number").orElse("anonymous"));
  }

  private static URI address(SwitchEvent event, String variable, String number) {
    return event
        .variable(variable)
        .flatMap(text -> uri("sip:" + text))
        .or(() -> uri("sip:" + user(number) + "@" + host(event)))
        .orElse(URI.create("sip:unknown@unknown.invalid"));
  }

  /** A channel that is not of SIP has a number and a server only. */
  private static String host(SwitchEvent event) {
    return event.header("FreeSWITCH-Hostname").orElse("freeswitch.invalid");
  }

  private static String user(String number) {
    return number.replaceAll("[^A-Za-z0-9+*#._-]", "").replace("#", "%23");
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException e) {
      log.debug("no address: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static List<Header> withPrefix(SwitchEvent event, String prefix) {
    List<Header> told = new ArrayList<>();
    for (SwitchEvent.Field each : event.headers()) {
      String variable = variable(each.name());
      if (variable.startsWith(prefix)) {
        add(variable.substring(prefix.length()), each.value(), told);
      }
    }
    return told;
  }

  /** The name of a variable, or nothing for what is none. */
  private static String variable(String header) {
    return header.startsWith(VARIABLE) ? header.substring(VARIABLE.length()) : "";
  }

  private static void add(String name, String value, List<Header> to) {
    try {
      to.add(new Header(name, value.strip()));
    } catch (IllegalArgumentException notOurs) {
      log.debug("a header is not told: {}", notOurs.getMessage());
    }
  }
}
