package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.MediaEvent;
import org.rayo.xmpp.EntityKind;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/** Joins and mixers, with real actors, commanded through the dispatcher; the media has no audio. */
class JoinsTest extends JoinsWorld {

  @Test
  void join_twoCalls_bothTellTheirControllers() {
    Controlled one = call(JULIET);
    Controlled other = call(CHAMBER);
    String id = send(JULIET, one.address(), join(other, "direction='recv'"));
    assertThat(CallWorld.outcome(Optional.of(answer(id)))).isEqualTo("result");
    awaitTold(one.address(), JULIET, "joined");
    awaitTold(other.address(), CHAMBER, "joined");
    Presence joined =
        stream.sent().stream()
            .filter(p -> p.getElement().element("joined") != null)
            .filter(p -> p.getFrom().equals(one.address()))
            .map(Presence.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(joined.getElement().element("joined").attributeValue("call-uri"))
        .isEqualTo(other.uri());
    // The result is there before the event.
    List<Packet> sent = stream.sent();
    assertThat(sent.indexOf(answerIn(sent, id))).isLessThan(sent.indexOf(joined));
    assertThat(media.joins.values()).singleElement().matches(r -> r.direction() == Direction.RECV);
  }

  private static Packet answerIn(List<Packet> sent, String id) {
    return sent.stream().filter(p -> id.equals(p.getID())).findFirst().orElseThrow();
  }

  @Test
  void join_again_changesInPlaceAndTellsNobody() {
    Controlled one = call(JULIET);
    Controlled other = call(JULIET);
    assertThat(command(JULIET, one.address(), join(other, "direction='recv'"))).isEqualTo("result");
    assertThat(command(JULIET, one.address(), join(other))).isEqualTo("result");
    assertThat(media.joins.values())
        .singleElement()
        .matches(r -> r.direction() == Direction.DUPLEX);
    assertThat(command(JULIET, other.address(), join(one, "direction='send'"))).isEqualTo("result");
    awaitTold(one.address(), JULIET, "joined");
    awaitTold(other.address(), JULIET, "joined");
  }

  @Test
  void join_whatCannotBe_hasItsError() {
    Controlled own = call(JULIET);
    Controlled foreign = call(ROMEO);
    Controlled own2 = call(JULIET);
    String gone = "<join xmlns='urn:xmpp:rayo:1' call-uri='xmpp:nobody@" + DOMAIN + "'/>";
    assertThat(command(JULIET, own.address(), gone)).isEqualTo("service-unavailable/cancel");
    String elsewhere = "<join xmlns='urn:xmpp:rayo:1' call-uri='xmpp:c@example.com'/>";
    assertThat(command(JULIET, own.address(), elsewhere)).isEqualTo("service-unavailable/cancel");
    assertThat(command(JULIET, own.address(), join(foreign))).isEqualTo("not-allowed/cancel");
    assertThat(command(JULIET, own.address(), join(own))).isEqualTo("bad-request/modify");
    assertThat(command(JULIET, own.address(), join(own2, "media='direct'")))
        .isEqualTo("feature-not-implemented/modify");
    assertThat(command(ROMEO, own.address(), join(foreign))).isEqualTo("conflict/cancel");
    assertThat(command(JULIET, own.address(), unjoin("call-uri='" + own2.uri() + "'")))
        .isEqualTo("service-unavailable/cancel");
    assertThat(command(JULIET, own.address(), unjoin("mixer-name='m'")))
        .isEqualTo("service-unavailable/cancel");
    assertThat(command(JULIET, own.address(), unjoin("call-uri='xmpp:'")))
        .isEqualTo("bad-request/modify");
    assertThat(media.joins).isEmpty();
    assertThat(told(own.address(), JULIET)).isEmpty();
  }

  @Test
  void join_callThatNobodyControls_onlyOfThoseItWasOfferedTo() {
    Controlled own = call(JULIET);
    JoinedMedia.Call ringing = media.call();
    clients.presence(CallWorld.unavailablePresence(ROMEO));
    supervisor.tell(new CallSupervisor.Incoming(ringing));
    JID address =
        await(
            () ->
                stream.sent().stream()
                    .filter(p -> p.getElement().element("offer") != null)
                    .map(Packet::getFrom)
                    .filter(from -> !from.equals(own.address()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no offer")));
    String join = "<join xmlns='urn:xmpp:rayo:1' call-uri='xmpp:" + address + "'/>";
    assertThat(command(JULIET, own.address(), join)).isEqualTo("result");
    clients.presence(CallWorld.availablePresence(ROMEO));
    Controlled foreign = call(ROMEO);
    assertThat(command(ROMEO, foreign.address(), join)).isEqualTo("not-allowed/cancel");
  }

  @Test
  void unjoin_oneOrAll_bothAreTold() {
    Controlled one = call(JULIET);
    Controlled two = call(JULIET);
    Controlled three = call(JULIET);
    command(JULIET, one.address(), join(two));
    command(JULIET, one.address(), join(three));
    command(JULIET, one.address(), mixer("room"));
    assertThat(command(JULIET, two.address(), unjoin("call-uri='" + one.uri() + "'")))
        .isEqualTo("result");
    awaitTold(two.address(), JULIET, "joined", "unjoined");
    awaitTold(one.address(), JULIET, "joined", "joined", "joined", "unjoined");
    assertThat(command(JULIET, one.address(), unjoin(""))).isEqualTo("result");
    awaitTold(
        one.address(), JULIET, "joined", "joined", "joined", "unjoined", "unjoined", "unjoined");
    awaitTold(three.address(), JULIET, "joined", "unjoined");
    awaitTold(address("room"), JULIET, "available", "joined", "unjoined", "unavailable");
    assertThat(command(JULIET, one.address(), unjoin(""))).isEqualTo("result");
    assertThat(media.joins).isEmpty();
  }

  @Test
  void end_ofAJoinedCall_completesThenUnjoinsThenEnds() {
    recordings.quickDelivery = false;
    Controlled one = call(JULIET);
    Controlled other = call(CHAMBER);
    command(JULIET, one.address(), join(other));
    assertThat(command(JULIET, one.address(), CallWorld.RECORD)).isEqualTo("ref");
    one.media().end();
    // The other one hears of it at once, however long the recording takes to be stored.
    awaitTold(other.address(), CHAMBER, "joined", "unjoined");
    assertThat(told(one.address(), JULIET)).containsExactly("joined");
    await(() -> recordings.finishings.get(0)).deliver();
    awaitTold(one.address(), JULIET, "joined", "complete", "unjoined", "end");
    other.media().end();
    awaitTold(other.address(), CHAMBER, "joined", "unjoined", "end");
  }

  @Test
  void mixer_life_isTold() {
    Controlled one = call(JULIET);
    Controlled other = call(CHAMBER);
    String id = send(JULIET, one.address(), mixer("MyRoom"));
    IQ ref = answer(id);
    assertThat(ref.getChildElement().getName()).isEqualTo("ref");
    assertThat(ref.getChildElement().attributeValue("uri")).isEqualTo("xmpp:myroom@" + DOMAIN);
    JID room = address("myroom");
    awaitTold(one.address(), JULIET, "joined");
    awaitTold(room, JULIET, "available", "joined");
    List<Packet> sent = stream.sent();
    Presence available =
        sent.stream()
            .filter(p -> p.getFrom().equals(room))
            .map(Presence.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(available.getElement().element("c").attributeValue("node"))
        .isEqualTo("urn:xmpp:rayo:mixer:1");
    assertThat(sent.indexOf(available)).isLessThan(sent.indexOf(answerIn(sent, id)));
    assertThat(directory.find(room, JULIET)).contains(EntityKind.MIXER);
    assertThat(directory.find(room, ROMEO)).isEmpty();

    assertThat(command(CHAMBER, other.address(), mixer("MyRoom"))).isEqualTo("ref");
    awaitTold(room, CHAMBER, "available", "joined");
    awaitTold(room, JULIET, "available", "joined", "joined");
    String participant = media.joins.values().iterator().next().participant();
    assertThat(participant).startsWith("xmpp:").endsWith("@" + DOMAIN);
    media.mixers.get(0).tell(new MediaEvent.SpeakingChanged(other.uri(), true));
    media.mixers.get(0).tell(new MediaEvent.SpeakingChanged(other.uri(), false));
    media.mixers.get(0).tell(new MediaEvent.SpeakingChanged("xmpp:nobody@" + DOMAIN, true));
    awaitTold(room, CHAMBER, "available", "joined", "started-speaking", "stopped-speaking");

    one.media().end();
    awaitTold(
        room,
        JULIET,
        "available",
        "joined",
        "joined",
        "started-speaking",
        "stopped-speaking",
        "unjoined");
    assertThat(command(CHAMBER, other.address(), unjoin("mixer-name='myroom'")))
        .isEqualTo("result");
    await(
        () -> {
          assertThat(told(room, CHAMBER)).endsWith("unjoined", "unjoined", "unavailable");
          assertThat(told(room, JULIET)).endsWith("unjoined", "unavailable");
          assertThat(directory.mixers()).isZero();
          return true;
        });
    assertThat(directory.find(room, JULIET)).isEmpty();
    assertThat(command(JULIET, room, CallWorld.RECORD)).isEqualTo("item-not-found/cancel");
  }

  @Test
  void mixer_ofTwoZones_areTwo() {
    Controlled juliets = call(JULIET);
    Controlled romeos = call(ROMEO);
    assertThat(command(JULIET, juliets.address(), mixer("room"))).isEqualTo("ref");
    assertThat(command(ROMEO, address("room"), CallWorld.RECORD))
        .isEqualTo("item-not-found/cancel");
    assertThat(command(ROMEO, romeos.address(), mixer("room"))).isEqualTo("ref");
    assertThat(media.mixers).hasSize(2);
    awaitTold(address("room"), JULIET, "available", "joined");
    awaitTold(address("room"), ROMEO, "available", "joined");
    romeos.media().end();
    awaitTold(address("room"), ROMEO, "available", "joined", "unjoined", "unavailable");
    assertThat(told(address("room"), JULIET)).containsExactly("available", "joined");
    assertThat(command(JULIET, address("room"), CallWorld.RECORD)).isEqualTo("ref");
  }

  @Test
  void mixer_nameOfACall_isNotToBeHad() {
    Controlled own = call(JULIET);
    assertThat(command(JULIET, own.address(), mixer(own.address().getNode())))
        .isEqualTo("conflict/cancel");
    assertThat(command(JULIET, own.address(), mixer("room"))).isEqualTo("ref");
    String dial = "<dial xmlns='urn:xmpp:rayo:1' to='tel:+1' uri='xmpp:room@" + DOMAIN + "'/>";
    assertThat(command(JULIET, new JID(DOMAIN), dial)).isEqualTo("conflict/modify");
    own.media().end();
    awaitTold(address("room"), JULIET, "available", "joined", "unjoined", "unavailable");
    media.toDial.add(media.call());
    assertThat(command(JULIET, new JID(DOMAIN), dial)).isEqualTo("ref");
  }

  @Test
  void mixer_recordingOfIt_completesBeforeItIsGone() {
    recordings.quickDelivery = false;
    Controlled own = call(JULIET);
    command(JULIET, own.address(), mixer("room"));
    assertThat(
            command(
                JULIET,
                address("room"),
                "<record xmlns='urn:xmpp:rayo:record:1' direction='send'/>"))
        .isEqualTo("feature-not-implemented/modify");
    assertThat(command(JULIET, address("room"), CallWorld.ANSWER))
        .isEqualTo("feature-not-implemented/cancel");
    IQ ref = answer(send(JULIET, address("room"), CallWorld.RECORD));
    JID component = new JID("room", DOMAIN, CallWorld.component(ref));
    assertThat(directory.find(component, JULIET)).contains(EntityKind.COMPONENT);
    assertThat(command(CHAMBER, component, CallWorld.STOP)).isEqualTo("conflict/cancel");
    own.media().end();
    awaitTold(own.address(), JULIET, "joined", "unjoined", "end");
    awaitTold(address("room"), JULIET, "available", "joined", "unjoined");
    // The server waits for it when it stops.
    var closed = directory.close().toCompletableFuture();
    assertThat(closed).isNotDone();
    await(() -> recordings.finishings.get(0)).deliver();
    awaitTold(
        address("room"), JULIET, "available", "joined", "unjoined", "complete", "unavailable");
    assertThat(closed).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void mixer_newOneWhileTheOldOneFinishes_isNotTakenForGone() {
    recordings.quickDelivery = false;
    Controlled own = call(JULIET);
    command(JULIET, own.address(), mixer("room"));
    command(JULIET, address("room"), CallWorld.RECORD);
    command(JULIET, own.address(), unjoin(""));
    await(() -> recordings.finishings.get(0));
    assertThat(command(JULIET, own.address(), mixer("room"))).isEqualTo("ref");
    awaitTold(address("room"), JULIET, "available", "joined", "unjoined", "available", "joined");
    recordings.finishings.get(0).deliver();
    awaitTold(
        address("room"),
        JULIET,
        "available",
        "joined",
        "unjoined",
        "available",
        "joined",
        "complete");
    own.media().end();
    await(
        () -> {
          assertThat(told(address("room"), JULIET)).endsWith("unjoined", "unavailable");
          return true;
        });
  }

  @Test
  void mixer_subscriptions_areForItsZone() {
    Controlled own = call(JULIET);
    command(JULIET, own.address(), mixer("room"));
    for (JID client : List.of(CHAMBER.asBareJID(), ROMEO.asBareJID())) {
      Presence subscribe = new Presence(Presence.Type.subscribe);
      subscribe.setFrom(client);
      subscribe.setTo(address("room"));
      presences.presence(subscribe);
    }
    awaitTold(address("room"), CHAMBER.asBareJID(), "subscribed", "available");
    awaitTold(address("room"), ROMEO.asBareJID(), "unsubscribed");
    own.media().end();
    awaitTold(address("room"), CHAMBER.asBareJID(), "subscribed", "available", "unavailable");
  }

  @Test
  void dial_withJoins_joinsWhenThereIsMedia() {
    Controlled own = call(JULIET);
    JoinedMedia.Call dialled = media.call();
    media.toDial.add(dialled);
    IQ ref =
        answer(
            send(
                JULIET,
                new JID(DOMAIN),
                "<dial xmlns='urn:xmpp:rayo:1' to='tel:+1'><join call-uri='"
                    + own.uri()
                    + "'/><join mixer-name='room'/></dial>"));
    JID address = new JID(ref.getChildElement().attributeValue("uri").substring(5));
    await(
        () -> {
          dialled.tell(new MediaEvent.EarlyMedia());
          return true;
        });
    dialled.tell(new MediaEvent.Answered(List.of()));
    await(
        () -> {
          assertThat(told(address, JULIET)).hasSize(3).contains("joined", "joined");
          return true;
        });
    awaitTold(own.address(), JULIET, "joined");
    assertThat(media.joins).hasSize(2);
  }

  @Test
  void dial_joinThatIsNotMade_isToldAsUnjoined() {
    Controlled own = call(JULIET);
    JoinedMedia.Call dialled = media.call();
    media.toDial.add(dialled);
    String dial =
        "<dial xmlns='urn:xmpp:rayo:1' to='tel:+1'><join call-uri='" + own.uri() + "'/></dial>";
    IQ ref = answer(send(JULIET, new JID(DOMAIN), dial));
    JID address = new JID(ref.getChildElement().attributeValue("uri").substring(5));
    own.media().end();
    awaitTold(own.address(), JULIET, "end");
    dialled.tell(new MediaEvent.Answered(List.of()));
    await(
        () -> {
          assertThat(told(address, JULIET)).endsWith("unjoined");
          return true;
        });
    assertThat(command(JULIET, new JID(DOMAIN), dial)).isEqualTo("service-unavailable/cancel");
  }

  /**
   * Early media cannot be sent past us; this media, which cannot be at all, tells when it is asked.
   */
  @Test
  void dial_joinWithMediaDirect_waitsForTheAnswer() {
    Controlled own = call(JULIET);
    JoinedMedia.Call dialled = media.call();
    media.toDial.add(dialled);
    IQ ref =
        answer(
            send(
                JULIET,
                new JID(DOMAIN),
                "<dial xmlns='urn:xmpp:rayo:1' to='tel:+1'><join media='direct' call-uri='"
                    + own.uri()
                    + "'/></dial>"));
    JID address = new JID(ref.getChildElement().attributeValue("uri").substring(5));
    dialled.tell(new MediaEvent.EarlyMedia());
    dialled.tell(new MediaEvent.Answered(List.of()));
    // The answer, which has no name here, and then only the join.
    awaitTold(address, JULIET, "available", "unjoined");
  }

  @Test
  void joins_moreThanAllowed_areRefused() {
    Controlled own = call(JULIET);
    for (int i = 0; i < Switchboard.JOINS_AT_ONCE; i++) {
      assertThat(command(JULIET, own.address(), mixer("m" + i))).isEqualTo("ref");
    }
    assertThat(command(JULIET, own.address(), mixer("one-more")))
        .isEqualTo("resource-constraint/wait");
    assertThat(command(JULIET, own.address(), mixer("m1"))).isEqualTo("ref");
    own.media().end();
    await(
        () -> {
          assertThat(directory.mixers()).isZero();
          return true;
        });
  }

  /** Whatever happens at once: both sides agree in the end, every joined has its unjoined. */
  @Test
  void joins_atRandomFromManySides_alwaysBalance() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Controlled> calls = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      calls.add(call(i % 2 == 0 ? JULIET : CHAMBER));
    }
    List<String> sent = new ArrayList<>();
    Set<Controlled> ended = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      Controlled one = calls.get(random.nextInt(calls.size()));
      Controlled other = calls.get(random.nextInt(calls.size()));
      int dice = random.nextInt(1000);
      if (dice < 5 && ended.size() < 8 && ended.add(one)) {
        executor.execute(one.media()::end);
      } else if (dice < 400) {
        sent.add(send(one.client(), one.address(), join(other)));
      } else if (dice < 600) {
        sent.add(send(one.client(), one.address(), mixer("m" + random.nextInt(3))));
      } else if (dice < 950) {
        String target =
            random.nextBoolean()
                ? "call-uri='" + other.uri() + "'"
                : "mixer-name='m" + random.nextInt(3) + "'";
        sent.add(send(one.client(), one.address(), unjoin(target)));
      } else {
        sent.add(send(one.client(), one.address(), unjoin("")));
      }
      if (i % 50 == 0) {
        TimeUnit.MILLISECONDS.sleep(2);
      }
    }
    await(
        () -> {
          Set<String> answered =
              stream.sent().stream()
                  .filter(IQ.class::isInstance)
                  .map(Packet::getID)
                  .collect(Collectors.toSet());
          assertThat(answered).as("seed %d", seed).containsAll(sent);
          return true;
        });
    for (Controlled call : calls) {
      if (ended.add(call)) {
        call.media().end();
      }
    }
    directory.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(directory.size() + directory.mixers()).as("seed %d", seed).isZero();
    assertThat(media.joins).as("seed %d", seed).isEmpty();
    for (Controlled call : calls) {
      Map<String, Integer> open = new HashMap<>();
      List<String> events = told(call.address(), call.client());
      assertThat(events).as("seed %d", seed).endsWith("end");
      for (Packet packet : stream.sent()) {
        if (packet instanceof Presence presence && packet.getFrom().equals(call.address())) {
          count(presence, open, seed);
        }
      }
      // One that ended first of all may have been joined to nothing.
      assertThat(open.values()).as("seed %d", seed).allMatch(count -> count == 0);
    }
    for (int m = 0; m < 3; m++) {
      for (JID client : List.of(JULIET, CHAMBER)) {
        List<String> events = told(address("m" + m), client);
        if (!events.isEmpty()) {
          assertThat(events).as("seed %d", seed).startsWith("available").endsWith("unavailable");
        }
      }
    }
  }

  private static void count(Presence presence, Map<String, Integer> open, long seed) {
    for (String name : List.of("joined", "unjoined")) {
      var element = presence.getElement().element(name);
      if (element != null) {
        String other = element.attributeValue("call-uri", element.attributeValue("mixer-name", ""));
        int now = open.merge(other, name.equals("joined") ? 1 : -1, Integer::sum);
        assertThat(now).as("%s of %s, seed %d", name, other, seed).isBetween(0, 1);
      }
    }
  }
}
