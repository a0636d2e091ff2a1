package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.ANSWER;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.ROMEO;
import static org.rayo.call.CallWorld.TYBALT;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rayo.call.OfferPolicy.Mode;
import org.rayo.call.OfferPolicy.Rule;
import org.rayo.media.MediaEvent.EndReason;
import org.xmpp.packet.JID;

/** Who is offered a call, and when. */
class OffersTest extends ClientsFixture {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private static Predicate<JID> user(JID... users) {
    return client -> List.of(users).contains(client);
  }

  /** The fake call is for sip:service@example.org. */
  private static CallWorld steps(Mode mode, List<Predicate<JID>> steps) {
    Rule other = new Rule(to -> to.contains("other"), List.of(user()), Mode.ALL, LIMIT);
    Rule rule = new Rule(to -> to.startsWith("sip:service@"), steps, mode, LIMIT);
    Rule never = new Rule(to -> true, List.of(user()), Mode.ALL, LIMIT);
    return new CallWorld(
        CallWorld.control(new OfferPolicy(Mode.ALL, Duration.ZERO, List.of(other, rule, never))));
  }

  private static CallWorld inTurn() {
    return new CallWorld(CallWorld.control(new OfferPolicy(Mode.ROUND_ROBIN, LIMIT, List.of())));
  }

  private static void pass(CallWorld world, Duration time) {
    world.clock.pass(time);
    world.deliver();
  }

  @Test
  void all_noRule_asksEverybodyAndNeverGivesUp() {
    CallWorld world =
        new CallWorld(CallWorld.control(new OfferPolicy(Mode.ALL, LIMIT, List.of())))
            .available(JULIET)
            .available(ROMEO)
            .announce();
    assertThat(world.wire()).containsExactly("offer to juliet", "offer to romeo");
    pass(world, LIMIT.multipliedBy(10));
    assertThat(world.wire()).hasSize(2);
    assertThat(world.media.askedFor()).isEmpty();
  }

  @Test
  void roundRobin_nobodyTakesIt_asksEachAfterTheTimeoutAndThenRefuses() {
    CallWorld world = inTurn().available(JULIET).available(ROMEO).announce();
    assertThat(world.wire()).containsExactly("offer to juliet");
    pass(world, LIMIT.minus(MOMENT));
    assertThat(world.wire()).hasSize(1);
    pass(world, MOMENT);
    assertThat(world.wire()).containsExactly("offer to juliet", "offer to romeo");
    pass(world, LIMIT.minus(MOMENT));
    assertThat(world.media.askedFor()).isEmpty();
    pass(world, MOMENT);
    assertThat(world.media.askedFor()).containsExactly("reject UNAVAILABLE");
    world.media.next().done().complete(null);
    world.media.end(EndReason.REJECTED);
    world.deliver();
    assertThat(world.wire()).endsWith("end to juliet", "end to romeo");
  }

  @Test
  void roundRobin_overManyCalls_whoHasWaitedLongestIsNext() {
    JID[] users = {JULIET, ROMEO, new JID("tybalt@example.org/street")};
    List.of(users).forEach(this::available);
    OfferPolicy policy = new OfferPolicy(Mode.ROUND_ROBIN, LIMIT, List.of());
    List<JID> asked =
        IntStream.range(0, 6)
            .mapToObj(i -> firstAsked(policy.planFor(URI.create("sip:a@example.org"))))
            .toList();
    assertThat(asked).containsExactly(users[0], users[1], users[2], users[0], users[1], users[2]);
    unavailable(users[0]);
    JID late = new JID("late@example.org/x");
    available(late);
    assertThat(firstAsked(policy.planFor(URI.create("sip:a@example.org")))).isEqualTo(late);
    assertThat(firstAsked(policy.planFor(URI.create("sip:a@example.org")))).isEqualTo(users[1]);
  }

  private JID firstAsked(OfferPlan plan) {
    assertThat(plan.offerNext(clients, c -> clients.offer(c, event(c, "o"), watcher))).isOne();
    return stream.drain().get(0).getTo();
  }

  @Test
  void steps_timeoutOver_nextAreAskedAndTheFirstKeepTheirRight() {
    CallWorld world =
        steps(Mode.ALL, List.of(user(ROMEO), user(JULIET, ROMEO, TYBALT)))
            .available(JULIET)
            .available(ROMEO)
            .announce();
    assertThat(world.wire()).containsExactly("offer to romeo");
    assertThat(CallWorld.outcome(world.commands(JULIET, "", ANSWER))).isEqualTo("conflict/cancel");
    pass(world, LIMIT);
    assertThat(world.wire())
        .containsExactly("offer to romeo", "error conflict/cancel to juliet", "offer to juliet");
    world.sends(ROMEO, ANSWER);
    assertThat(world.deliver().media.askedFor()).containsExactly("answer");
    assertThat(CallWorld.outcome(world.commands(JULIET, "", ANSWER))).isEqualTo("conflict/cancel");
    world.media.next().done().complete(null);
    pass(world, LIMIT.multipliedBy(3));
    assertThat(world.media.askedFor()).containsExactly("answer");
    world.media.end(EndReason.HUNGUP);
    world.deliver();
    assertThat(world.wire()).endsWith("end to romeo", "end to juliet");
  }

  @Test
  void steps_takenInTheFirst_laterOnesHearNothing() {
    CallWorld world =
        steps(Mode.ALL, List.of(user(ROMEO), user(JULIET)))
            .available(JULIET)
            .available(ROMEO)
            .announce();
    world.sends(ROMEO, ANSWER);
    world.deliver().media.next().done().complete(null);
    pass(world, LIMIT.multipliedBy(3));
    world.media.end(EndReason.HUNGUP);
    world.deliver();
    assertThat(world.wire()).noneMatch(line -> line.endsWith("juliet"));
  }

  @Test
  void steps_nobodyIsThereInTheFirst_nextAreAskedAtOnce() {
    CallWorld world =
        steps(Mode.ALL, List.of(user(ROMEO), user(JULIET))).available(JULIET).announce();
    assertThat(world.wire()).containsExactly("offer to juliet");
    assertThat(world.media.askedFor()).isEmpty();
  }

  @Test
  void steps_allOfTheFirstLeave_nextAreAskedAtOnceWithTheirFullTime() {
    CallWorld world =
        steps(Mode.ALL, List.of(user(ROMEO), user(JULIET)))
            .available(JULIET)
            .available(ROMEO)
            .announce();
    pass(world, LIMIT.minus(MOMENT));
    world.unavailable(ROMEO).deliver();
    assertThat(world.wire()).containsExactly("offer to romeo", "offer to juliet");
    pass(world, LIMIT.minus(MOMENT));
    assertThat(world.media.askedFor()).isEmpty();
    pass(world, MOMENT);
    assertThat(world.media.askedFor()).containsExactly("reject UNAVAILABLE");
  }

  @Test
  void steps_inTurn_eachClientOfAStepHasItsTime() {
    CallWorld world =
        steps(Mode.ROUND_ROBIN, List.of(user(JULIET, ROMEO), user(TYBALT)))
            .available(TYBALT)
            .available(JULIET)
            .available(ROMEO)
            .announce();
    pass(world, LIMIT);
    pass(world, LIMIT);
    assertThat(world.wire())
        .containsExactly("offer to juliet", "offer to romeo", "offer to tybalt");
  }

  @Test
  void rule_nobodyOfItIsThere_othersAreNotAskedInstead() {
    CallWorld world = steps(Mode.ALL, List.of(user(ROMEO))).available(JULIET).announce();
    assertThat(world.wire()).isEmpty();
    assertThat(world.media.askedFor()).containsExactly("reject UNAVAILABLE");
  }

  @Test
  void steps_connectionIsLostWhenTheNextAreDue_waitsForThem() {
    CallWorld world =
        steps(Mode.ALL, List.of(user(ROMEO), user(JULIET)))
            .available(JULIET)
            .available(ROMEO)
            .announce();
    world.stream.connected = false;
    world.clients.disconnected("cut");
    pass(world, LIMIT.plusSeconds(2));
    assertThat(world.media.askedFor()).isEmpty();
    world.stream.connected = true;
    world.clients.connected();
    world.pings.result(JULIET);
    pass(world, Duration.ofSeconds(1));
    assertThat(world.wire()).containsExactly("offer to romeo", "offer to juliet");
  }
}
