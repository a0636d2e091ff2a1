package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError.Condition;
import org.xmpp.packet.Presence;

/** What reaches clients that come, go and lose their connections. */
class ClientEventsTest extends ClientsFixture {

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
    clock.pass(ClientQuestions.ASK_LAST);
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
    clock.pass(ClientQuestions.ASK_FIRST);
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
    clock.pass(ClientQuestions.ASK_FIRST);
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
    clock.pass(ClientQuestions.ASK_FIRST);
    pings.result(JULIET);
    assertThat(sent()).containsExactly("a", "b", "c");
    assertThat(clients.resent()).isZero();
  }

  @Test
  void selfPingUnanswered_isAskedAgainAndNothingIsSentTwice() {
    available(JULIET);
    tell(JULIET, "a");
    pings.timeOut(SERVER);
    clock.pass(ClientQuestions.ASK_FIRST);
    pings.result(SERVER);
    assertThat(arrived).containsExactly("a");
    assertThat(sent()).containsExactly("a");
  }

  @Test
  void clientNeverReturns_eventsAreGivenUpInTheEnd() {
    available(JULIET);
    unavailable(JULIET);
    tell(JULIET, "a");
    stream.drain();
    cut();
    reconnect();
    tell(ROMEO, "kept");
    cut();
    clock.pass(ClientEvents.EVENT_KEPT.minus(Clients.ROUND));
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
