package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.dom4j.DocumentHelper;
import org.junit.jupiter.api.Test;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** Who may be a client, and how much of the server each may have. */
class ClientAdmissionTest {

  private static final JID FRIEND = new JID("juliet@app.example.org/balcony");
  private static final JID STRANGER = new JID("tybalt@example.net/street");

  private final FakeStream stream = new FakeStream();
  private final Clients clients = clients(true, 2);

  private Clients clients(boolean dialNeedsPresence, int calls) {
    Clients made =
        new Clients(
            new JID(CallWorld.DOMAIN),
            stream,
            new FakePings(),
            new DialectPolicy(Dialect.WIKI, List.of()),
            new ClientAdmission(
                client -> client.getDomain().equals("app.example.org"),
                dialNeedsPresence,
                ClientQuota.ofCalls(calls)),
            new FakeClock(),
            100);
    made.connected();
    return made;
  }

  private static String error(Optional<StanzaError> error) {
    return error
        .map(said -> said.condition().toXMPP() + "/" + said.type() + ": " + said.text())
        .orElse("none");
  }

  @Test
  void presence_ofWhoeverIsNotAllowed_registersNobody() {
    clients.presence(CallWorld.availablePresence(STRANGER));
    clients.presence(CallWorld.availablePresence(FRIEND));
    assertThat(clients.takingOffers()).containsExactly(FRIEND);
    assertThat(clients.size()).isOne();
  }

  @Test
  void command_ofWhoeverIsNotAllowed_isNotAuthorizedBeforeAnythingElse() throws Exception {
    CommandDispatcher dispatcher =
        new CommandDispatcher(
            new CallDirectory(SecurityZone.Extent.BARE_JID),
            clients,
            stream,
            message -> {
              throw new AssertionError(message);
            });
    IQ iq = new IQ(IQ.Type.set, "1");
    iq.setFrom(STRANGER);
    iq.setTo("never@" + CallWorld.DOMAIN);
    iq.setChildElement(DocumentHelper.parseText(CallWorld.ANSWER).getRootElement());
    dispatcher.command(iq);
    iq.setID("2");
    iq.setFrom(FRIEND);
    dispatcher.command(iq);
    assertThat(stream.sent())
        .extracting(answer -> CallWorld.error((IQ) answer))
        .containsExactly("not-authorized/auth", "item-not-found/cancel");
  }

  @Test
  void subscription_ofWhoeverIsNotAllowed_findsNoMixer() {
    ActorTestKit kit = ActorTestKit.create();
    try {
      TestProbe<MixerActor.Message> mixer = kit.createTestProbe();
      CallDirectory directory = new CallDirectory(SecurityZone.Extent.BARE_JID);
      MixerPresences presences = new MixerPresences(directory, stream, clients);
      for (JID client : List.of(STRANGER, FRIEND)) {
        directory.addMixer(PartyKey.ofMixer(SecurityZone.of(client), "room"), mixer.getRef());
        Presence subscribe = new Presence(Presence.Type.subscribe);
        subscribe.setFrom(client.asBareJID());
        subscribe.setTo("room@" + CallWorld.DOMAIN);
        presences.presence(subscribe);
      }
      assertThat(stream.sent())
          .singleElement()
          .matches(answer -> answer.getTo().equals(STRANGER.asBareJID()))
          .matches(answer -> ((Presence) answer).getType() == Presence.Type.unsubscribed);
      mixer.expectMessageClass(MixerActor.PresenceReceived.class);
      mixer.expectNoMessage(Duration.ofMillis(50));
    } finally {
      kit.shutdownTestKit();
    }
  }

  @Test
  void dial_needsPresence_onlyTheRegisteredMay() {
    assertThat(error(clients.mayDial(STRANGER))).startsWith("not-authorized/auth");
    assertThat(error(clients.mayDial(FRIEND)))
        .isEqualTo(
            "registration-required/auth: send available presence to rayo.example.org before you"
                + " dial");
    clients.presence(CallWorld.availablePresence(FRIEND));
    assertThat(clients.mayDial(FRIEND)).isEmpty();
    clients.presence(CallWorld.unavailablePresence(FRIEND));
    assertThat(error(clients.mayDial(FRIEND))).startsWith("registration-required/auth");
  }

  @Test
  void dial_needsNoPresence_allAllowedMay() {
    Clients open = clients(false, 0);
    assertThat(open.mayDial(FRIEND)).isEmpty();
    assertThat(error(open.mayDial(STRANGER))).startsWith("not-authorized/auth");
  }

  @Test
  void calls_ofOneClient_areLimitedAndTheLimitIsNamed() {
    JID other = new JID("juliet@app.example.org/chamber");
    assertThat(clients.calls().claim(FRIEND)).isEmpty();
    assertThat(clients.calls().claim(other)).isEmpty();
    assertThat(error(clients.calls().claim(FRIEND)))
        .isEqualTo(
            "resource-constraint/wait: 2 calls that this client has dialled are up; no more are"
                + " allowed to one client");
    clients.calls().giveBack(other);
    assertThat(clients.calls().claim(FRIEND)).isEmpty();
  }
}
