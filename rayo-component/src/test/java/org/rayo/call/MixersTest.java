package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaEvent;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** Whose a mixer is while its clients come, go and take each other's place. */
class MixersTest extends JoinsWorld {

  private static final JID ROOM = address("room");

  private void gone(JID client) {
    clients.presence(CallWorld.unavailablePresence(client));
  }

  private void subscribe(JID client) {
    Presence subscribe = new Presence(Presence.Type.subscribe);
    subscribe.setFrom(client);
    subscribe.setTo(ROOM);
    presences.presence(subscribe);
  }

  private JID component(JID client) {
    IQ ref = answer(send(client, ROOM, CallWorld.RECORD));
    return new JID(ROOM.getNode(), DOMAIN, CallWorld.component(ref));
  }

  @Test
  void takeOver_whileTheJoinIsUnderWay_newControllerHearsOfTheMixer() {
    Controlled own = call(JULIET);
    media.holdJoins();
    String join = send(JULIET, own.address(), mixer("room"));
    awaitTold(ROOM, JULIET, "available");
    gone(JULIET);
    send(CHAMBER, own.address(), mixer("room"));
    await(
        () -> {
          assertThat(media.heldJoins()).isPositive();
          return true;
        });
    media.releaseJoins();
    assertThat(answer(join).getType()).isEqualTo(IQ.Type.result);
    media.mixers.get(0).tell(new MediaEvent.SpeakingChanged(own.uri(), true));
    await(
        () -> {
          assertThat(told(ROOM, CHAMBER)).contains("available");
          return true;
        });
    own.media().end();
    await(
        () -> {
          assertThat(told(ROOM, CHAMBER)).endsWith("unjoined", "unavailable");
          return true;
        });
  }

  @Test
  void takeOver_componentsGoToTheHeir_newOnesStayWithTheirMaker() {
    Controlled own = call(JULIET);
    assertThat(command(JULIET, own.address(), mixer("room"))).isEqualTo("ref");
    JID before = component(JULIET);
    gone(JULIET);
    assertThat(command(CHAMBER, own.address(), CallWorld.ANSWER)).isEqualTo("result");
    await(
        () -> {
          assertThat(told(ROOM, CHAMBER)).contains("available");
          return true;
        });
    clients.presence(CallWorld.availablePresence(JULIET));
    JID after = component(JULIET);
    assertThat(command(CHAMBER, after, CallWorld.STOP)).isEqualTo("conflict/cancel");
    assertThat(command(JULIET, after, CallWorld.STOP)).isEqualTo("result");
    assertThat(command(JULIET, before, CallWorld.STOP)).isEqualTo("conflict/cancel");
    assertThat(command(CHAMBER, before, CallWorld.STOP)).isEqualTo("result");
    awaitTold(after, JULIET, "available", "joined", "complete");
    await(
        () -> {
          assertThat(told(before, CHAMBER)).endsWith("available", "complete");
          return true;
        });
  }

  @Test
  void subscriber_whenANewMixerTakesThePlaceOfOneThatFinishes_hearsOfItsEnd() {
    recordings.quickDelivery = false;
    Controlled own = call(JULIET);
    command(JULIET, own.address(), mixer("room"));
    subscribe(CHAMBER.asBareJID());
    awaitTold(ROOM, CHAMBER.asBareJID(), "subscribed", "available");
    command(JULIET, ROOM, CallWorld.RECORD);
    command(JULIET, own.address(), unjoin(""));
    await(() -> recordings.finishings.get(0));
    assertThat(command(JULIET, own.address(), mixer("room"))).isEqualTo("ref");
    recordings.finishings.get(0).deliver();
    await(
        () -> {
          assertThat(told(ROOM, JULIET)).endsWith("complete");
          return true;
        });
    assertThat(told(ROOM, CHAMBER.asBareJID())).containsExactly("subscribed", "available");
    own.media().end();
    awaitTold(ROOM, CHAMBER.asBareJID(), "subscribed", "available", "unavailable");
  }

  @Test
  void mixers_moreThanAZoneMayHave_areRefusedToItAlone() {
    int each = Switchboard.JOINS_AT_ONCE;
    List<String> sent = new ArrayList<>();
    for (int made = 0; made < Mixers.MIXERS_AT_ONCE; ) {
      Controlled own = call(JULIET);
      for (int i = 0; i < each && made < Mixers.MIXERS_AT_ONCE; i++, made++) {
        sent.add(send(JULIET, own.address(), mixer("m" + made)));
      }
    }
    for (String id : sent) {
      assertThat(CallWorld.outcome(Optional.of(answer(id)))).isEqualTo("ref");
    }
    Controlled last = call(CHAMBER);
    assertThat(command(CHAMBER, last.address(), mixer("one-more")))
        .isEqualTo("resource-constraint/wait");
    assertThat(command(CHAMBER, last.address(), mixer("m1"))).isEqualTo("ref");
    Controlled foreign = call(ROMEO);
    assertThat(command(ROMEO, foreign.address(), mixer("one-more"))).isEqualTo("ref");
  }

  @Test
  void mixer_nameOfNothingThatCounts_isRefused() {
    Controlled own = call(JULIET);
    for (String name : List.of("&#xAD;", "&#x200B;", " ", "&#x1806;&#xFE00;")) {
      assertThat(command(JULIET, own.address(), mixer(name)))
          .as("name %s", name)
          .isEqualTo("bad-request/modify");
    }
    assertThat(media.mixers).isEmpty();
  }

  @Test
  void mixer_ofAnOddName_canBeRecorded() {
    for (String name :
        List.of("..", "%2e%2e", "caf\u00e9", "\u4f1a\u8bae\u5ba4", "a\\b", "Stra\u00dfe")) {
      Controlled own = call(JULIET);
      IQ ref = answer(send(JULIET, own.address(), mixer(name)));
      assertThat(CallWorld.outcome(Optional.of(ref))).as(name).isEqualTo("ref");
      JID room =
          new JID(
              URLDecoder.decode(
                  ref.getChildElement().attributeValue("uri").substring(5),
                  StandardCharsets.UTF_8));
      assertThat(command(JULIET, room, CallWorld.RECORD)).as(name).isEqualTo("ref");
      own.media().end();
      await(
          () -> {
            assertThat(told(room, JULIET)).as(name).endsWith("complete", "unavailable");
            return true;
          });
    }
  }

  /** What the spool could not write down is refused while that can still be said. */
  @Test
  void dial_withAnIdThatTheSpoolCannotTake_isRefused() {
    for (String id : List.of("a.b", "a~b", "caf\u00e9")) {
      assertThat(command(JULIET, new JID(DOMAIN), dial(id))).as(id).isEqualTo("bad-request/modify");
    }
    String longest = "a_b-" + "c".repeat(60);
    JoinedMedia.Call dialled = media.call();
    media.toDial.add(dialled);
    assertThat(command(JULIET, new JID(DOMAIN), dial(longest))).isEqualTo("ref");
    assertThat(command(JULIET, address(longest), CallWorld.RECORD)).isEqualTo("ref");
    dialled.end();
    awaitTold(address(longest), JULIET, "complete", "end");
  }

  private static String dial(String id) {
    return "<dial xmlns='urn:xmpp:rayo:1' to='tel:+1' uri='xmpp:" + id + "@" + DOMAIN + "'/>";
  }
}
