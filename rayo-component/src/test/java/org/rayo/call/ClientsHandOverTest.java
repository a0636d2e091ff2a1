package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/** What a client has missed that is gone for good is told to another of its resources. */
class ClientsHandOverTest extends ClientsFixture {

  private static final JID OTHER = new JID("juliet@example.org/chamber");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration MOMENT = Duration.ofSeconds(1);

  /** It is gone in the middle of a call, and this waits for it. */
  private void missed(String... ids) {
    available(JULIET);
    assertThat(clients.offer(JULIET, event(JULIET, "offer"), watcher)).isTrue();
    stream.drain();
    unavailable(JULIET);
    for (String id : ids) {
      tell(JULIET, id);
    }
    assertThat(sent()).isEmpty();
  }

  private void confirmed() {
    pings.result(SERVER);
  }

  /** The next look at everybody, which is every half minute. */
  private void nextRound() {
    clock.pass(Clients.ROUND);
  }

  @Test
  void gone_otherResourceComesAfterAMinute_hearsWhatWasMissedInOrder() {
    missed("e1", "e2");
    clock.pass(MINUTE.plus(MOMENT));
    available(OTHER);

    List<Packet> sent = stream.drain();
    assertThat(sent).extracting(Packet::getID).containsExactly("e1", "e2");
    assertThat(sent).extracting(Packet::getTo).containsOnly(OTHER);
    assertThat(sent)
        .allSatisfy(
            packet -> {
              assertThat(packet.getFrom()).isEqualTo(event(JULIET, "e").getFrom());
              assertThat(((Presence) packet).getType()).isEqualTo(Presence.Type.unavailable);
            });
    assertThat(arrived).isEmpty();
    confirmed();
    assertThat(arrived).containsExactly("e1", "e2");
    assertThat(clients.unconfirmed()).isZero();
  }

  @Test
  void gone_otherResourceIsThereAlready_hearsItAfterAMinuteAndNotBefore() {
    available(OTHER);
    missed("e1");
    nextRound();
    assertThat(sent()).isEmpty();
    clock.pass(MINUTE);
    List<Packet> sent = stream.drain();
    assertThat(sent).extracting(Packet::getID).containsExactly("e1");
    assertThat(sent).extracting(Packet::getTo).containsExactly(OTHER);
  }

  @Test
  void gone_otherResourceComesBeforeAMinute_hearsNothingYet() {
    missed("e1");
    clock.pass(MINUTE.minus(MOMENT));
    available(OTHER);
    assertThat(sent()).isEmpty();
    available(JULIET);
    List<Packet> sent = stream.drain();
    assertThat(sent).extracting(Packet::getID).containsExactly("e1");
    assertThat(sent).extracting(Packet::getTo).containsExactly(JULIET);
    confirmed();
    clock.pass(MINUTE.multipliedBy(2));
    assertThat(sent()).isEmpty();
    assertThat(arrived).containsExactly("e1");
  }

  @Test
  void gone_anotherUserIsThere_hearsNothing() {
    available(ROMEO);
    available(new JID("juliet@example.net/balcony"));
    missed("e1");
    clock.pass(MINUTE.multipliedBy(5));
    assertThat(sent()).isEmpty();
    assertThat(clients.unconfirmed()).isOne();
  }

  @Test
  void gone_otherResourceIsNotRegistered_hearsNothing() {
    // It gets an event of its own, and is known by that alone.
    tell(OTHER, "own");
    assertThat(sent()).containsExactly("own");
    missed("e1");
    clock.pass(MINUTE.plus(MOMENT));
    clients.heardFrom(OTHER);
    nextRound();
    assertThat(sent()).doesNotContain("e1");
    assertThat(clients.unconfirmed()).isPositive();
  }

  @Test
  void gone_otherResourceIsGoneToo_waitsForWhoeverComesFirst() {
    available(OTHER);
    unavailable(OTHER);
    missed("e1");
    clock.pass(MINUTE.multipliedBy(3));
    assertThat(sent()).isEmpty();
    available(OTHER);
    assertThat(sent()).containsExactly("e1");
  }

  @Test
  void sentButNotConfirmed_goneMeanwhile_isSentAgainToTheOther() {
    available(JULIET);
    tell(JULIET, "e1");
    assertThat(sent()).containsExactly("e1");
    unavailable(JULIET);
    clock.pass(MINUTE.plus(MOMENT));
    available(OTHER);
    List<Packet> sent = stream.drain();
    assertThat(sent).extracting(Packet::getID).containsExactly("e1");
    assertThat(sent).extracting(Packet::getTo).containsExactly(OTHER);
    assertThat(clients.resent()).isZero();
  }

  @Test
  void handedOver_connectionLost_isSentAgainToTheHeirTheSame() {
    missed("e1");
    clock.pass(MINUTE.plus(MOMENT));
    available(OTHER);
    final String first = stream.drain().get(0).toXML();
    cut();
    reconnect();
    clients.presence(presence(OTHER, Optional.empty(), "chat"));
    assertThat(stream.drain()).extracting(Packet::toXML).containsExactly(first);
    confirmed();
    assertThat(arrived).containsExactly("e1");
  }
}
