package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xmpp.packet.JID;

/** Who may command a call, and who hears of its end. */
class ControlPolicyTest {

  private static final JID FIRST = new JID("a@example.org/1");
  private static final JID SECOND = new JID("b@example.org/1");
  private static final JID STRANGER = new JID("c@example.org/1");
  private final ControlPolicy control = new ControlPolicy(SecurityZone.Extent.BARE_JID);

  @Test
  void claim_firstOfTheOffered_controls() {
    control.offeredTo(FIRST);
    control.offeredTo(SECOND);
    assertThat(control.claim(STRANGER)).isPresent();
    assertThat(control.claim(SECOND)).isEmpty();
    assertThat(control.claim(FIRST)).isPresent();
    assertThat(control.claim(new JID("b@example.org/2"))).isPresent();
    assertThat(control.claim(SECOND)).isEmpty();
    assertThat(control.isControlledBy(SECOND)).isTrue();
  }

  @Test
  void abandoned_onlyWhenNobodyControlsAndAllAreAway() {
    assertThat(control.abandoned()).isTrue();
    control.offeredTo(FIRST);
    control.offeredTo(SECOND);
    control.withdraw(FIRST);
    assertThat(control.abandoned()).isFalse();
    control.withdraw(SECOND);
    assertThat(control.abandoned()).isTrue();
    control.comeBack(FIRST);
    assertThat(control.abandoned()).isFalse();
    control.claim(FIRST);
    control.withdraw(FIRST);
    assertThat(control.abandoned()).isFalse();
  }

  @Test
  void informed_areOfferedAndCommanders_strangersBounded() {
    control.offeredTo(FIRST);
    control.heardFrom(FIRST);
    for (int i = 0; i < 2 * ControlPolicy.STRANGERS_LIMIT; i++) {
      control.claim(new JID("s" + i + "@example.org/1"));
    }
    assertThat(control.informed()).hasSize(1 + ControlPolicy.STRANGERS_LIMIT).startsWith(FIRST);
  }

  @Test
  void zone_isThatOfTheControllingParty() {
    assertThat(control.zone()).isEmpty();
    control.offeredTo(FIRST);
    assertThat(control.zone()).isEmpty();
    control.claim(FIRST);
    SecurityZone zone = control.zone().orElseThrow();
    assertThat(zone).isEqualTo(SecurityZone.of(new JID("a@example.org/2")));
    assertThat(zone.contains(FIRST)).isTrue();
    assertThat(zone.contains(SECOND)).isFalse();
  }

  @Test
  void zone_ofADomain_holdsAllItsClients() {
    SecurityZone zone = SecurityZone.Extent.DOMAIN.of(FIRST);
    assertThat(zone).isEqualTo(SecurityZone.Extent.DOMAIN.of(SECOND));
    assertThat(zone.contains(SECOND)).isTrue();
    assertThat(zone.contains(new JID("a@example.net/1"))).isFalse();
    assertThat(zone).isNotEqualTo(SecurityZone.of(new JID("example.org")));
  }

  @Test
  void dialledBy_controlsAndIsInformed() {
    control.dialledBy(FIRST);
    assertThat(control.isControlledBy(FIRST)).isTrue();
    assertThat(control.claim(SECOND)).isPresent();
    assertThat(control.informed()).containsExactly(FIRST, SECOND);
    assertThat(control.abandoned()).isFalse();
  }

  @Test
  void ownerOf_isTheMakerUntilAnotherTakesItsPlace() {
    JID heir = new JID("a@example.org/2");
    control.offeredTo(FIRST);
    control.claim(FIRST);
    assertThat(control.ownerOf(FIRST)).isEqualTo(FIRST);
    control.withdraw(FIRST);
    assertThat(control.ownerOf(FIRST)).isEqualTo(FIRST);
    assertThat(control.claim(heir)).isEmpty();
    assertThat(control.ownerOf(FIRST)).isEqualTo(heir);
    assertThat(control.ownerOf(heir)).isEqualTo(heir);
    assertThat(control.ownerOf(SECOND)).isEqualTo(SECOND);
  }
}
