package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
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
}
