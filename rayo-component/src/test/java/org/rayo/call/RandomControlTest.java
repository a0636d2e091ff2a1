package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rayo.call.ControlSettings.ControllerGone;
import org.rayo.call.OfferPolicy.Mode;
import org.rayo.call.OfferPolicy.Rule;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent.EndReason;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/**
 * Clients of two users come, go and command one call in any order, under any settings. Whatever the
 * order, a model that knows only the rules foretells who is obeyed: one party controls the call,
 * and only another resource of its own, while it is away, takes it over. Whoever was offered the
 * call hears of its end.
 */
class RandomControlTest {

  /** {@code -Drayo.random-control=100000} for a long run. */
  private static final int RUNS = Integer.getInteger("rayo.random-control", 2000);

  private static final List<JID> CLIENTS =
      List.of(
          new JID("juliet@example.org/balcony"),
          new JID("juliet@example.org/chamber"),
          new JID("juliet@example.org/cell"),
          new JID("romeo@example.org/garden"),
          new JID("romeo@example.org/orchard"));

  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** What happened in all runs, for the figures. */
  private final Map<String, Integer> seen = new TreeMap<>();

  /** Thousands of calls say too much. */
  @BeforeAll
  static void quiet() {
    log().setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    log().setLevel(null);
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(Call.class.getPackageName());
  }

  @Test
  void anyOrder_oneControlsAndAllOfferedHearOfTheEnd() {
    for (int seed = 0; seed < RUNS; seed++) {
      try {
        new Run(seed).play();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    System.out.println("figure: " + RUNS + " random controls: " + seen);
    assertThat(seen)
        .containsKeys("takes control", "obeyed", "takes over", "conflict", "end", "end to an heir")
        .containsKeys("component obeyed", "component conflict", "hung up for absence");
  }

  private final class Run {
    private final Random random;
    private final ControllerGone gone;
    private final CallWorld world;
    private final Set<JID> there = new HashSet<>();
    private Optional<JID> controller = Optional.empty();
    private Optional<JID> componentOwner = Optional.empty();
    private String component = "";

    Run(int seed) {
      random = new Random(seed);
      gone = any(List.of(ControllerGone.values()));
      world =
          new CallWorld(
              new ControlSettings(
                  offers(),
                  SecurityZone.Extent.BARE_JID,
                  gone,
                  CallWorld.GRACE,
                  CallWorld.IDLE_TIMEOUT));
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private OfferPolicy offers() {
      Mode mode = any(List.of(Mode.values()));
      String first = any(List.of("juliet", "romeo"));
      List<Predicate<JID>> steps =
          List.of(client -> client.getNode().equals(first), client -> true);
      return new OfferPolicy(
          mode,
          LIMIT,
          random.nextBoolean()
              ? List.of(new Rule(to -> true, steps, any(List.of(Mode.values())), LIMIT))
              : List.of());
    }

    void play() {
      CLIENTS.forEach(
          client -> {
            if (random.nextInt(4) > 0) {
              comes(client);
            }
          });
      world.announce();
      int steps = 20 + random.nextInt(40);
      for (int i = 0; i < steps && !isOver(); i++) {
        step();
        world.deliver();
      }
      end();
      check();
    }

    /** Refused or hung up: from then on only the end is of interest. */
    private boolean isOver() {
      return world.media.askedFor().contains("reject UNAVAILABLE")
          || world.media.askedFor().contains("hangup");
    }

    private void step() {
      switch (random.nextInt(10)) {
        case 0, 1 -> goes(any(CLIENTS));
        case 2, 3 -> comes(any(CLIENTS));
        case 4, 5, 6 -> command(any(CLIENTS));
        case 7 -> componentCommand(any(CLIENTS));
        case 8 -> record();
        default -> world.clock.pass(Duration.ofSeconds(random.nextInt(40)));
      }
    }

    private void comes(JID client) {
      there.add(client);
      world.available(client);
    }

    private void goes(JID client) {
      there.remove(client);
      world.unavailable(client);
    }

    private Set<JID> offered() {
      Set<JID> offered = new HashSet<>();
      for (Packet packet : world.stream.sent()) {
        if (packet instanceof Presence event && CallWorld.brief(event).startsWith("offer")) {
          assertThat(offered.add(event.getTo())).as("offered twice to %s", event.getTo()).isTrue();
        }
      }
      return offered;
    }

    /** Whoever sends a command is there. */
    private void command(JID client) {
      boolean obeyed = mayCommand(client);
      there.add(client);
      IQ command = world.sends(client, CallWorld.ANSWER);
      world.deliver();
      world.media.asked.forEach(asked -> asked.done().complete(null));
      world.deliver();
      assertThat(CallWorld.outcome(world.answer(command)))
          .as("%s commands, controlled by %s", client, controller)
          .isEqualTo(obeyed ? "result" : "conflict/cancel");
      count(obeyed ? "obeyed" : "conflict");
      if (!obeyed) {
        assertThat(controller.isPresent() || !offered().contains(client)).isTrue();
      }
    }

    /** As the rules have it; control passes. */
    private boolean mayCommand(JID client) {
      if (controller.isEmpty() && offered().contains(client)) {
        controller = Optional.of(client);
        count("takes control");
      }
      takeOver(client);
      return controller.filter(client::equals).isPresent();
    }

    private void takeOver(JID client) {
      Optional<JID> left =
          controller.filter(c -> !c.equals(client) && !there.contains(c) && sameUser(c, client));
      if (left.isPresent()) {
        componentOwner = componentOwner.map(owner -> client);
        controller = Optional.of(client);
        count("takes over");
      }
    }

    private static boolean sameUser(JID one, JID other) {
      return one.toBareJID().equals(other.toBareJID());
    }

    private void record() {
      if (controller.isEmpty()
          || componentOwner.isPresent()
          || !there.contains(controller.orElseThrow())
          || !world.media.askedFor().contains("answer")) {
        return;
      }
      world.deliver();
      component = world.records(controller.orElseThrow());
      componentOwner = controller;
    }

    private void componentCommand(JID client) {
      if (componentOwner.isEmpty()) {
        return;
      }
      takeOver(client);
      there.add(client);
      boolean obeyed = componentOwner.filter(client::equals).isPresent();
      String outcome =
          CallWorld.outcome(
              world.commands(client, component, any(List.of(CallWorld.PAUSE, CallWorld.RESUME))));
      if (obeyed) {
        assertThat(outcome).isIn("result", "unexpected-request/wait");
      } else {
        assertThat(outcome).isEqualTo("conflict/cancel");
      }
      count(obeyed ? "component obeyed" : "component conflict");
    }

    /** The call ends, with its recording; all come to hear of it. */
    private void end() {
      if (world.media.askedFor().contains("hangup")) {
        assertThat(controller.filter(c -> !there.contains(c))).as("who is away").isPresent();
        count("hung up for absence");
      }
      world.media.asked.forEach(asked -> asked.done().complete(null));
      world.media.captures.forEach(capture -> world.media.ended(capture, Cause.HANGUP));
      world.media.end(EndReason.HUNGUP);
      world.deliver();
      assertThat(world.call.isClosed()).isTrue();
    }

    private void check() {
      componentOwner.ifPresent(
          owner -> {
            comes(owner);
            assertThat(completes()).containsExactly(owner);
            count("complete");
          });
      // What waits for a resource that is gone goes to another after a minute.
      world.clock.pass(ClientEvents.HANDED_OVER.multipliedBy(2));
      for (JID client : offered()) {
        if (there.contains(client)) {
          assertThat(ended()).as("who is there and was offered it").contains(client);
        } else {
          world.available(client);
          checkEndOfOneThatComesBack(client);
        }
      }
      controller.filter(there::contains).ifPresent(c -> assertThat(ended()).contains(c));
      CLIENTS.forEach(world::available);
      while (world.pings.waiting().contains(new JID(CallWorld.DOMAIN))) {
        world.pings.result(new JID(CallWorld.DOMAIN));
      }
      assertThat(world.clients.unconfirmed()).isZero();
      CLIENTS.forEach(world::unavailable);
      assertThat(world.clients.size()).as("nobody is watched any more").isZero();
      count("end");
    }

    /** It hears of the end itself, or another of its resources has heard in its place. */
    private void checkEndOfOneThatComesBack(JID client) {
      if (!ended().contains(client)) {
        assertThat(ended())
            .as("who hears of the end in the place of %s", client)
            .anyMatch(heir -> sameUser(heir, client));
        count("end to an heir");
      }
    }

    private Set<JID> ended() {
      return Set.copyOf(told("end"));
    }

    private List<JID> completes() {
      return told("complete");
    }

    private List<JID> told(String what) {
      return world.stream.sent().stream()
          .filter(Presence.class::isInstance)
          .filter(packet -> CallWorld.brief(packet).startsWith(what))
          .map(Packet::getTo)
          .toList();
    }

    private void count(String what) {
      seen.merge(what, 1, Integer::sum);
    }
  }
}
