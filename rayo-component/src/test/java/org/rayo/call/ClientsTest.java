package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.protocol.Dialect;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError.Condition;
import org.xmpp.packet.Presence;

/** Who is there, and what reaches them. */
class ClientsTest {

  private static final JID SERVER = new JID("rayo.example.org");
  private static final JID JULIET = new JID("juliet@example.org/balcony");
  private static final JID ROMEO = new JID("romeo@example.org/garden");
  private static final int LIMIT = 5;

  private final FakeStream stream = new FakeStream();
  private final FakePings pings = new FakePings();
  private final FakeClock clock = new FakeClock();
  private final List<String> arrived = new ArrayList<>();
  private final List<String> watched = new ArrayList<>();
  private final DialectPolicy dialects =
      new DialectPolicy(
          Dialect.WIKI,
          List.of(
              new DialectPolicy.Rule(jid -> jid.getNode().equals("adhearsion"), Dialect.XEP_0327)));
  private final Clients clients = new Clients(SERVER, stream, pings, dialects, clock, LIMIT);
  private final ClientWatcher watcher =
      new ClientWatcher() {
        @Override
        public void clientGone(JID client) {
          watched.add("gone");
        }

        @Override
        public void clientBack(JID client) {
          watched.add("back");
        }
      };

  ClientsTest() {
    clients.connected();
  }

  private static Presence presence(JID from, Optional<Presence.Type> type, String show) {
    Presence presence = new Presence();
    type.ifPresent(presence::setType);
    if (!show.isEmpty()) {
      presence.setShow(Presence.Show.valueOf(show));
    }
    presence.setFrom(from);
    presence.setTo(SERVER);
    return presence;
  }

  private void available(JID client) {
    clients.presence(presence(client, Optional.empty(), "chat"));
  }

  private void unavailable(JID client) {
    clients.presence(presence(client, Optional.of(Presence.Type.unavailable), ""));
  }

  private void tell(JID client, String id) {
    clients.tell(client, event(client, id), () -> arrived.add(id));
  }

  private static Presence event(JID to, String id) {
    Presence event = new Presence(Presence.Type.unavailable);
    event.setID(id);
    event.setFrom("c1@rayo.example.org/r1");
    event.setTo(to);
    return event;
  }

  private List<String> sent() {
    return stream.drain().stream().map(Packet::getID).toList();
  }

  private void cut() {
    stream.connected = false;
    pings.disconnect();
    clients.disconnected("cut");
  }

  private void reconnect() {
    stream.connected = true;
    clients.connected();
  }

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

  @Test
  void tell_clientPresent_isSentOnceAndConfirmedByThePing() {
    available(JULIET);
    tell(JULIET, "a");
    tell(JULIET, "b");
    assertThat(sent()).containsExactly("a", "b");
    assertThat(pings.waiting()).containsExactly(SERVER);
    // The ping was sent after a, and before b.
    pings.result(SERVER);
    assertThat(arrived).containsExactly("a");
    pings.result(SERVER);
    assertThat(arrived).containsExactly("a", "b");
    assertThat(pings.waiting()).isEmpty();
    assertThat(clients.unconfirmed()).isZero();
    cut();
    reconnect();
    pings.result(JULIET);
    assertThat(sent()).isEmpty();
    assertThat(clients.resent()).isZero();
  }

  @Test
  void disconnect_unconfirmedEvents_areSentAgainIdenticallyAndInOrder() {
    available(JULIET);
    tell(JULIET, "a");
    pings.result(SERVER);
    tell(JULIET, "b");
    tell(JULIET, "c");
    List<String> first = stream.drain().stream().map(Packet::toXML).toList();
    cut();
    tell(JULIET, "d");
    reconnect();
    assertThat(sent()).isEmpty();
    pings.result(JULIET);
    List<String> second = stream.drain().stream().map(Packet::toXML).toList();
    assertThat(second.subList(0, 2)).isEqualTo(first.subList(1, 3));
    assertThat(second).hasSize(3);
    assertThat(clients.resent()).isEqualTo(2);
    pings.result(SERVER);
    assertThat(arrived).containsExactly("a", "b", "c", "d");
  }

  @Test
  void clientGone_eventsAreHeldUntilItIsBack() {
    available(JULIET);
    assertThat(clients.offer(JULIET, event(JULIET, "offer"), watcher)).isTrue();
    unavailable(JULIET);
    tell(JULIET, "a");
    tell(JULIET, "b");
    assertThat(sent()).containsExactly("offer");
    available(JULIET);
    assertThat(sent()).containsExactly("a", "b");
    assertThat(watched).containsExactly("gone", "back");
  }

  @Test
  void clientDied_serverTellsBeforeThePingReturns_eventIsSentAgain() {
    available(JULIET);
    tell(JULIET, "a");
    assertThat(sent()).containsExactly("a");
    // The server dropped it: the client's session had died. It says so before our ping's answer.
    unavailable(JULIET);
    pings.result(SERVER);
    assertThat(arrived).isEmpty();
    available(JULIET);
    assertThat(sent()).containsExactly("a");
    pings.result(SERVER);
    assertThat(arrived).containsExactly("a");
    assertThat(clients.resent()).isEqualTo(1);
  }

  @Test
  void reconnect_serverAnswersForTheClient_eventsWaitAndPausesGrow() {
    available(JULIET);
    clients.offer(JULIET, event(JULIET, "offer"), watcher);
    tell(JULIET, "a");
    cut();
    reconnect();
    sent();
    pings.error(JULIET, Condition.service_unavailable);
    assertThat(watched).containsExactly("gone");
    List<Long> pauses = new ArrayList<>();
    long waited = 0;
    while (pauses.size() < 8) {
      clock.pass(Duration.ofSeconds(1));
      waited++;
      if (pings.waiting().contains(JULIET)) {
        pauses.add(waited);
        waited = 0;
        pings.error(JULIET, Condition.service_unavailable);
      }
    }
    assertThat(pauses).containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    assertThat(sent()).isEmpty();
    clock.pass(Clients.ASK_LAST);
    pings.result(JULIET);
    assertThat(sent()).containsExactly("a");
    assertThat(watched).containsExactly("gone", "back");
  }

  @Test
  void reconnect_manyTimes_oneQuestionAtATime() {
    available(JULIET);
    clients.offer(JULIET, event(JULIET, "offer"), watcher);
    for (int i = 0; i < 50; i++) {
      cut();
      reconnect();
      pings.error(JULIET, Condition.service_unavailable);
      clock.pass(Duration.ofMillis(10));
    }
    int before = pings.asked();
    for (int i = 0; i < 60; i++) {
      clock.pass(Duration.ofSeconds(1));
      if (pings.waiting().contains(JULIET)) {
        pings.error(JULIET, Condition.service_unavailable);
      }
    }
    assertThat(pings.asked() - before).isLessThan(10);
  }

  @Test
  void reconnect_clientThatRefusesPings_isFoundByWhatItSends() {
    available(JULIET);
    tell(JULIET, "a");
    cut();
    reconnect();
    sent();
    pings.error(JULIET, Condition.service_unavailable);
    IQ ping = new IQ(IQ.Type.get);
    ping.setFrom(JULIET);
    clients.heard(ping);
    assertThat(sent()).containsExactly("a");
    assertThat(clients.takingOffers()).containsExactly(JULIET);
  }

  @Test
  void heard_answersAndErrors_proveNothing() {
    available(JULIET);
    tell(JULIET, "a");
    unavailable(JULIET);
    sent();
    IQ answer = new IQ(IQ.Type.error);
    answer.setFrom(JULIET);
    clients.heard(answer);
    Message bounced = new Message();
    bounced.setType(Message.Type.error);
    bounced.setFrom(JULIET);
    clients.heard(bounced);
    assertThat(sent()).isEmpty();
    Message said = new Message();
    said.setFrom(JULIET);
    clients.heard(said);
    assertThat(sent()).containsExactly("a");
  }

  @ParameterizedTest
  @EnumSource(
      value = Condition.class,
      names = {"feature_not_implemented", "not_allowed", "not_acceptable", "forbidden"})
  void reconnect_errorThatOnlyAClientGives_isProof(Condition condition) {
    available(JULIET);
    tell(JULIET, "a");
    cut();
    reconnect();
    sent();
    pings.error(JULIET, condition);
    assertThat(sent()).containsExactly("a");
  }

  @Test
  void pingTimedOut_registrationOutlivesIt() {
    available(JULIET);
    cut();
    reconnect();
    pings.timeOut(JULIET);
    assertThat(clients.takingOffers()).isEmpty();
    clock.pass(Clients.ASK_FIRST);
    pings.result(JULIET);
    assertThat(clients.takingOffers()).containsExactly(JULIET);
  }

  @Test
  void connectionCutWhileAsking_saysNothingOfTheClient() {
    available(JULIET);
    clients.offer(JULIET, event(JULIET, "offer"), watcher);
    cut();
    reconnect();
    cut();
    reconnect();
    pings.result(JULIET);
    assertThat(watched).containsExactly("back");
  }

  @Test
  void presenceError_isLossAndTheClientIsAskedAgain() {
    available(JULIET);
    tell(JULIET, "a");
    clients.presence(presence(JULIET, Optional.of(Presence.Type.error), ""));
    sent();
    clock.pass(Clients.ASK_FIRST);
    pings.result(JULIET);
    assertThat(sent()).containsExactly("a");
    assertThat(clients.takingOffers()).containsExactly(JULIET);
  }

  @Test
  void bound_isPerClientAndTheOldestGoes() {
    available(JULIET);
    available(ROMEO);
    unavailable(ROMEO);
    available(ROMEO);
    cut();
    for (int i = 0; i < LIMIT + 2; i++) {
      tell(JULIET, "j" + i);
    }
    tell(ROMEO, "r0");
    reconnect();
    pings.result(JULIET);
    pings.result(ROMEO);
    assertThat(sent()).containsExactly("j2", "j3", "j4", "j5", "j6", "r0");
  }

  @Test
  void writerIsFull_isSentLaterAndNothingTwice() {
    available(JULIET);
    tell(JULIET, "a");
    stream.full = true;
    tell(JULIET, "b");
    tell(JULIET, "c");
    stream.full = false;
    clock.pass(Clients.ASK_FIRST);
    pings.result(JULIET);
    assertThat(sent()).containsExactly("a", "b", "c");
    assertThat(clients.resent()).isZero();
  }

  @Test
  void selfPingUnanswered_isAskedAgainAndNothingIsSentTwice() {
    available(JULIET);
    tell(JULIET, "a");
    pings.timeOut(SERVER);
    clock.pass(Clients.ASK_FIRST);
    pings.result(SERVER);
    assertThat(arrived).containsExactly("a");
    assertThat(sent()).containsExactly("a");
  }

  @Test
  void clientNeverReturns_eventsAreGivenUpAfterADay() {
    available(JULIET);
    unavailable(JULIET);
    tell(JULIET, "a");
    stream.drain();
    cut();
    reconnect();
    tell(ROMEO, "kept");
    cut();
    clock.pass(Clients.EVENT_KEPT.minus(Clients.ROUND));
    assertThat(clients.unconfirmed()).isEqualTo(2);
    clock.pass(Clients.ROUND.multipliedBy(3));
    assertThat(clients.unconfirmed()).isZero();
    assertThat(clients.size()).isZero();
    assertThat(arrived).isEmpty();
  }

  @Test
  void serverNeverSaysUnavailable_deadClientIsFoundByPing() {
    available(JULIET);
    clients.offer(JULIET, event(JULIET, "offer"), watcher);
    clock.pass(Clients.QUIET.plus(Clients.ROUND));
    pings.result(JULIET);
    assertThat(watched).isEmpty();
    // From here on it is dead, and only its server answers.
    clock.pass(Clients.QUIET.plus(Clients.ROUND));
    pings.error(JULIET, Condition.service_unavailable);
    assertThat(watched).containsExactly("gone");
    assertThat(clients.takingOffers()).isEmpty();
    clients.unwatch(JULIET, watcher);
    for (int i = 0; i < 200; i++) {
      clock.pass(Clients.ROUND);
      if (pings.waiting().contains(JULIET)) {
        pings.error(JULIET, Condition.service_unavailable);
      }
    }
    assertThat(clients.size()).isZero();
  }

  @Test
  void quietClient_thatNeverAnsweredAPing_isNotHeldToBeGone() {
    available(JULIET);
    clock.pass(Clients.QUIET.plus(Clients.ROUND));
    pings.error(JULIET, Condition.service_unavailable);
    assertThat(clients.takingOffers()).containsExactly(JULIET);
  }

  @Test
  void manyClients_comeAndGo_nothingIsLeft() {
    for (int i = 0; i < 10_000; i++) {
      JID client = new JID("u" + i + "@example.org/x");
      available(client);
      clients.offer(client, event(client, "o"), watcher);
      tell(client, "e" + i);
      clients.unwatch(client, watcher);
      pings.result(SERVER);
      unavailable(client);
    }
    while (!pings.waiting().isEmpty()) {
      pings.result(SERVER);
    }
    assertThat(clients.size()).isZero();
    // Only the round is left to ring.
    clock.pass(Duration.ofMinutes(5));
    assertThat(clock.alarms()).isEqualTo(1);
  }

  @Test
  void stranger_toldOfAnEnd_isForgottenOnceConfirmed() {
    tell(ROMEO, "end");
    assertThat(sent()).containsExactly("end");
    pings.result(SERVER);
    assertThat(clients.size()).isZero();
  }
}
