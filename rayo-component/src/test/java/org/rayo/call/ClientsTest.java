package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.protocol.Dialect;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** Who is there, and what they are offered. */
class ClientsTest extends ClientsFixture {

  @ParameterizedTest
  @CsvSource({
    "'', chat, true",
    "'', '', true",
    "'', dnd, false",
    "'', away, false",
    "'', xa, false",
    "unavailable, '', false",
    "error, '', false",
    "probe, '', false",
    "subscribe, '', false"
  })
  void presence_ofEveryKind_decidesAboutOffers(String type, String show, boolean takesOffers) {
    Optional<Presence.Type> wanted =
        type.isEmpty() ? Optional.empty() : Optional.of(Presence.Type.valueOf(type));
    clients.presence(presence(JULIET, wanted, show));
    assertThat(clients.takingOffers()).hasSize(takesOffers ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"'', dnd", "'', away", "'', xa", "unavailable, ''", "error, ''"})
  void presence_afterChat_takesOffersNoMore(String type, String show) {
    available(JULIET);
    clients.presence(
        presence(
            JULIET,
            type.isEmpty() ? Optional.empty() : Optional.of(Presence.Type.valueOf(type)),
            show));
    assertThat(clients.takingOffers()).isEmpty();
  }

  @Test
  void presence_ofABareAddressOrToACall_registersNobody() {
    clients.presence(presence(new JID("juliet@example.org"), Optional.empty(), "chat"));
    Presence toACall = presence(JULIET, Optional.empty(), "chat");
    toACall.setTo("c1@rayo.example.org");
    clients.presence(toACall);
    assertThat(clients.takingOffers()).isEmpty();
    assertThat(clients.size()).isZero();
  }

  @Test
  void unavailable_toACall_leavesTheRegistration() {
    available(JULIET);
    Presence toACall = presence(JULIET, Optional.of(Presence.Type.unavailable), "");
    toACall.setTo("c1@rayo.example.org");
    clients.presence(toACall);
    assertThat(clients.takingOffers()).containsExactly(JULIET);
  }

  @Test
  void dialect_isThatOfTheRuleElseOfTheCapsElseOfTheServer() {
    JID adhearsion = new JID("adhearsion@example.org/1");
    assertThat(clients.dialectOf(JULIET)).isEqualTo(Dialect.WIKI);
    assertThat(clients.dialectOf(adhearsion)).isEqualTo(Dialect.XEP_0327);
    Presence presence = presence(JULIET, Optional.empty(), "chat");
    presence
        .addChildElement("c", "http://jabber.org/protocol/caps")
        .addAttribute("node", "urn:xmpp:rayo:client:1");
    clients.presence(presence);
    assertThat(clients.dialectOf(JULIET)).isEqualTo(Dialect.XEP_0327);
    available(JULIET);
    assertThat(clients.dialectOf(JULIET)).isEqualTo(Dialect.WIKI);
  }

  @Test
  void offer_clientNotThere_isNotSentAndNotWatched() {
    assertThat(clients.offer(JULIET, event(JULIET, "o"), watcher)).isFalse();
    available(JULIET);
    stream.full = true;
    assertThat(clients.offer(JULIET, event(JULIET, "o"), watcher)).isFalse();
    unavailable(JULIET);
    assertThat(watched).isEmpty();
    assertThat(clients.size()).isZero();
  }
}
