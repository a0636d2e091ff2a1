package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xmpp.packet.JID;

/** Ids that can stand in an address. */
class IdsTest {

  @Test
  void ids_many_areDifferentAndPlain() {
    Set<String> calls = new HashSet<>();
    Set<String> components = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      calls.add(Ids.call());
      components.add(Ids.component());
    }
    assertThat(calls).hasSize(50_000).allMatch(id -> id.matches("[0-9a-hjkmnp-tv-z]{16}"));
    assertThat(components).hasSize(50_000).allMatch(id -> id.matches("[0-9a-hjkmnp-tv-z]{10}"));
  }

  @Test
  void ids_prepared_stayTheSame() {
    String id = Ids.call();
    assertThat(new JID(id, "example.org", Ids.component()).getNode()).isEqualTo(id);
  }
}
