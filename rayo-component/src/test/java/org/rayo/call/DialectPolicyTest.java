package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rayo.protocol.Dialect;
import org.xmpp.packet.JID;

/** Which dialect a client speaks. */
class DialectPolicyTest {

  private static final JID CLIENT = new JID("a@example.org/1");

  @Test
  void of_noRule_capsElseTheServers() {
    DialectPolicy policy = new DialectPolicy(Dialect.WIKI, List.of());
    assertThat(policy.of(CLIENT, false)).isEqualTo(Dialect.WIKI);
    assertThat(policy.of(CLIENT, true)).isEqualTo(Dialect.XEP_0327);
    assertThat(new DialectPolicy(Dialect.XEP_0327, List.of()).of(CLIENT, false))
        .isEqualTo(Dialect.XEP_0327);
  }

  @Test
  void of_severalRulesFit_firstWinsOverTheCaps() {
    DialectPolicy policy =
        new DialectPolicy(
            Dialect.XEP_0327,
            List.of(
                new DialectPolicy.Rule(jid -> jid.getNode().equals("b"), Dialect.XEP_0327),
                new DialectPolicy.Rule(jid -> jid.getNode().equals("a"), Dialect.WIKI),
                new DialectPolicy.Rule(jid -> true, Dialect.XEP_0327)));
    assertThat(policy.of(CLIENT, true)).isEqualTo(Dialect.WIKI);
    assertThat(policy.of(new JID("c@example.org/1"), false)).isEqualTo(Dialect.XEP_0327);
  }
}
