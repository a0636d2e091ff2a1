package org.rayo.server;

import java.util.List;
import java.util.function.Predicate;
import org.rayo.call.ClientAdmission;
import org.rayo.call.ClientQuota;
import org.rayo.call.ControlSettings;
import org.rayo.call.OfferPolicy;
import org.rayo.call.SecurityZone;
import org.rayo.config.ControlConfig;
import org.rayo.config.JidPattern;
import org.rayo.config.OffersConfig;
import org.xmpp.packet.JID;

/** Makes of {@code rayo.offers} and {@code rayo.control} what call control goes by. */
final class ConfiguredControl {

  private ConfiguredControl() {}

  /** Who may be a client. */
  static ClientAdmission admission(ControlConfig control) {
    List<JidPattern> allowed = control.allowedClients();
    return new ClientAdmission(
        client -> allowed.stream().anyMatch(pattern -> pattern.matches(client.toString())),
        control.dialNeedsPresence(),
        ClientQuota.ofCalls(control.callsPerClient()));
  }

  /** Who gets control of calls. */
  static ControlSettings control(OffersConfig offers, ControlConfig control) {
    return new ControlSettings(
        offers(offers),
        zones(control),
        switch (control.controllerGone()) {
          case GRACE -> ControlSettings.ControllerGone.GRACE;
          case HANGUP -> ControlSettings.ControllerGone.HANGUP;
          case KEEP -> ControlSettings.ControllerGone.KEEP;
        },
        control.controllerGrace(),
        control.idleTimeout());
  }

  /** How security zones are drawn. */
  static SecurityZone.Extent zones(ControlConfig control) {
    return switch (control.securityZone()) {
      case BARE_JID -> SecurityZone.Extent.BARE_JID;
      case DOMAIN -> SecurityZone.Extent.DOMAIN;
    };
  }

  private static OfferPolicy offers(OffersConfig offers) {
    return new OfferPolicy(
        mode(offers.mode()),
        offers.timeout(),
        offers.rules().stream().map(ConfiguredControl::rule).toList());
  }

  private static OfferPolicy.Rule rule(OffersConfig.Rule rule) {
    return new OfferPolicy.Rule(
        rule.to()::matches,
        rule.clients().stream().map(ConfiguredControl::fits).toList(),
        mode(rule.mode()),
        rule.timeout());
  }

  private static Predicate<JID> fits(JidPattern pattern) {
    return client -> pattern.matches(client.toString());
  }

  private static OfferPolicy.Mode mode(OffersConfig.Mode mode) {
    return switch (mode) {
      case ALL -> OfferPolicy.Mode.ALL;
      case ROUND_ROBIN -> OfferPolicy.Mode.ROUND_ROBIN;
    };
  }
}
