package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.protocol.SignalType;
import org.rayo.xmpp.EntityCaps.Form;
import org.rayo.xmpp.EntityCaps.Identity;

/** With the two examples of XEP-0115, sections 5.2 and 5.3. */
class EntityCapsTest {
  private static final Set<String> FEATURES =
      Set.of(
          "http://jabber.org/protocol/disco#info",
          "http://jabber.org/protocol/disco#items",
          "http://jabber.org/protocol/muc",
          "http://jabber.org/protocol/caps");

  @Test
  void ver_simpleExample_isThatOfTheXep() {
    EntityCaps caps =
        new EntityCaps(
            "http://code.google.com/p/exodus",
            List.of(new Identity("client", "pc", "", "Exodus 0.9.1")),
            FEATURES);
    assertThat(caps.ver()).isEqualTo("QgayPKawpkPSDYmwT/WM94uAlu0=");
    assertThat(StanzaWriter.xml(caps.element()))
        .isEqualTo(
            "<c xmlns=\"http://jabber.org/protocol/caps\" hash=\"sha-1\""
                + " node=\"http://code.google.com/p/exodus\" ver=\"QgayPKawpkPSDYmwT/WM94uAlu0=\"/>");
  }

  @Test
  void ver_complexExample_isThatOfTheXep() {
    List<Identity> identities =
        List.of(
            new Identity("client", "pc", "en", "Psi 0.11"),
            new Identity("client", "pc", "el", "Ψ 0.11"));
    Form form =
        new Form(
            "urn:xmpp:dataforms:softwareinfo",
            Map.of(
                "ip_version", List.of("ipv4", "ipv6"),
                "os", List.of("Mac"),
                "os_version", List.of("10.5.1"),
                "software", List.of("Psi"),
                "software_version", List.of("0.11")));
    assertThat(EntityCaps.ver(identities, FEATURES, List.of(form)))
        .isEqualTo("q07IKJEyjvHSyhy//CH0CxmKi8w=");
  }

  @ParameterizedTest
  @EnumSource(EntityKind.class)
  void standard_everyKind_hasNodeIdentityAndFeaturesOfItsOwn(EntityKind kind) {
    EntityCaps caps = Disco.standard().caps(kind);
    assertThat(caps.identities()).hasSize(1);
    assertThat(caps.features())
        .contains(
            "urn:xmpp:rayo:1",
            "urn:xmpp:rayo:ext:1",
            "urn:xmpp:ping",
            "http://jabber.org/protocol/disco#info",
            "http://jabber.org/protocol/caps",
            caps.node());
    for (EntityKind other : EntityKind.values()) {
      if (other != kind) {
        assertThat(Disco.standard().caps(other).nodeWithVer()).isNotEqualTo(caps.nodeWithVer());
      }
    }
  }

  @Test
  void standard_signals_areThoseThatCanBeAskedFor() {
    Set<String> named =
        Disco.standard().caps(EntityKind.CALL).features().stream()
            .filter(feature -> feature.startsWith("urn:xmpp:rayo:cpa:"))
            .collect(Collectors.toSet());
    Set<String> readable =
        Stream.of(SignalType.values())
            .filter(type -> !type.kinds().isEmpty())
            .map(SignalType::urn)
            .collect(Collectors.toSet());
    readable.add("urn:xmpp:rayo:cpa:1");
    assertThat(named).isEqualTo(readable);
  }
}
