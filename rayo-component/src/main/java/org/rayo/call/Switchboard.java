package org.rayo.call;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.rayo.call.JoinLink.Step;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaCall;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.CommandRefusedException;
import org.rayo.protocol.JoinTarget;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.XmppUri;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * Joins calls to each other and to mixers, and knows who is joined to whom. Both sides of a join
 * have an actor of their own; that they never differ about it is because this one alone makes and
 * breaks joins, one thing at a time for each pair, and tells both.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-joining">XEP-0327, joining
 *     calls</a>
 */
final class Switchboard {

  /** Of one call. */
  static final int JOINS_AT_ONCE = 64;

  private final ActorContext<Message> context;
  private final CallDirectory directory;

  /** Where our calls and mixers are. */
  private final String domain;

  private final Mixers mixers;
  private final Map<Set<PartyKey>, JoinLink> links = new HashMap<>();
  private final Map<PartyKey, Set<JoinLink>> ofCalls = new HashMap<>();

  /** What the switchboard is told. */
  sealed interface Message {}

  /**
   * The call on whose behalf it is asked.
   *
   * @param controller of the call
   * @param zone of the controller
   * @param iq to be answered; empty for a join that was part of a dial
   */
  record Asker(JID address, MediaCall media, JID controller, SecurityZone zone, Optional<IQ> iq) {
    PartyKey key() {
      return PartyKey.ofCall(address.getNode());
    }
  }

  /** Join, or change a join. */
  record Join(Asker asker, PartyKey other, CallCommand.Join command) implements Message {}

  /**
   * Break a join.
   *
   * @param other empty for all
   * @param all that the call is joined to
   */
  record Unjoin(Asker asker, Optional<PartyKey> other, Set<PartyKey> all) implements Message {
    Unjoin {
      all = Set.copyOf(all);
    }
  }

  /** A call is over. */
  record CallEnded(String id) implements Message {}

  /** A mixer that nobody was in any more has told its last. */
  record MixerFinished(PartyKey mixer, Set<JID> known) implements Message {}

  /** Something happened that is to be looked at here. */
  record Later(Runnable task) implements Message {}

  private Switchboard(
      ActorContext<Message> context, CallEnvironment environment, MediaBackend media) {
    this.context = context;
    this.directory = environment.directory();
    this.domain = environment.domain();
    this.mixers = new Mixers(context, environment, media);
  }

  /**
   * The behaviour.
   *
   * @param media makes mixers
   */
  static Behavior<Message> create(CallEnvironment environment, MediaBackend media) {
    Behavior<Message> behavior =
        Behaviors.setup(
            context -> {
              Switchboard switchboard = new Switchboard(context, environment, media);
              return Behaviors.receive(Message.class)
                  .onMessage(Join.class, on(switchboard::join))
                  .onMessage(Unjoin.class, on(switchboard::unjoin))
                  .onMessage(CallEnded.class, on(switchboard::callEnded))
                  .onMessage(MixerFinished.class, on(switchboard.mixers::finished))
                  .onMessage(Later.class, on(later -> later.task().run()))
                  .build();
            });
    return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
  }

  private static <M extends Message>
      org.apache.pekko.japi.function.Function<M, Behavior<Message>> on(Consumer<M> handler) {
    return message -> {
      handler.accept(message);
      return Behaviors.same();
    };
  }

  private void join(Join join) {
    Asker asker = join.asker();
    Optional<StanzaError> refusal = refusal(join);
    if (refusal.isPresent()) {
      answer(asker, join.command().target(), refusal, Optional.empty());
      return;
    }
    JoinLink link = links.computeIfAbsent(Set.of(asker.key(), join.other()), pair -> connect(pair));
    enqueue(link, () -> start(link, join));
  }

  private Optional<StanzaError> refusal(Join join) {
    PartyKey own = join.asker().key();
    PartyKey other = join.other();
    if (own.equals(other)) {
      return Optional.of(StanzaError.badRequest("a call cannot be joined to itself"));
    }
    if (join.command().target() instanceof JoinTarget.OfCall call
        && !(call.address().getDomain().equals(domain) && directory.contains(other.node()))) {
      return Optional.of(StanzaError.serviceUnavailable("there is no call " + call.address()));
    }
    if (links.containsKey(Set.of(own, other))) {
      return Optional.empty();
    }
    for (PartyKey party : List.of(own, other)) {
      if (ofCalls.getOrDefault(party, Set.of()).size() >= JOINS_AT_ONCE) {
        return Optional.of(
            StanzaError.resourceConstraint(
                party.node() + " has " + JOINS_AT_ONCE + " joins; no more are allowed"));
      }
    }
    return other.isMixer() ? mixers.enter(other, join.command().target()) : Optional.empty();
  }

  private JoinLink connect(Set<PartyKey> pair) {
    JoinLink link = new JoinLink(pair);
    for (PartyKey party : pair) {
      if (!party.isMixer()) {
        ofCalls.computeIfAbsent(party, key -> new LinkedHashSet<>()).add(link);
      }
    }
    return link;
  }

  private void start(JoinLink link, Join join) {
    Asker asker = join.asker();
    CallCommand.Join command = join.command();
    PartyKey other = join.other();
    JoinRequest request =
        new JoinRequest(XmppUri.of(asker.address()), command.direction(), command.media());
    CompletionStage<JoinLink.Breaking> work =
        other.isMixer()
            ? mixers
                .ask(other, asker.controller())
                .thenCompose(
                    mixer ->
                        asker
                            .media()
                            .join(mixer, request)
                            .thenApply(done -> () -> asker.media().unjoin(mixer)))
            : ask(other, asker.zone())
                .thenCompose(
                    call ->
                        asker
                            .media()
                            .join(call, request)
                            .thenApply(done -> () -> asker.media().unjoin(call)));
    wait(link, work, (breaking, failure) -> joined(link, join, breaking, failure));
  }

  /** Asks a call whether it may be joined. */
  private CompletionStage<MediaCall> ask(PartyKey call, SecurityZone zone) {
    CompletableFuture<MediaCall> answer = new CompletableFuture<>();
    if (!directory.tell(call.node(), new CallActor.JoinAsked(zone, answer))) {
      answer.completeExceptionally(
          new CommandRefusedException(
              StanzaError.serviceUnavailable("the call " + call.node() + " is over")));
    }
    return answer;
  }

  private void joined(
      JoinLink link, Join join, Optional<JoinLink.Breaking> breaking, Optional<Throwable> failure) {
    Asker asker = join.asker();
    JoinTarget target = join.command().target();
    if (failure.isPresent()) {
      answer(asker, target, failure.map(Failures::ofJoining), Optional.empty());
      return;
    }
    boolean first = link.joined(breaking.orElseThrow());
    PartyKey other = join.other();
    Optional<JID> made =
        other.isMixer() ? Optional.of(new JID(other.node(), domain, null, true)) : Optional.empty();
    answer(asker, target, Optional.empty(), made);
    if (first) {
      if (other.isMixer()) {
        // Before the call tells it who controls it now.
        directory.tell(other, new MixerActor.Entered(asker.address(), asker.controller()));
      } else {
        tellJoined(other, asker.key(), new JoinTarget.OfCall(asker.address()));
      }
      tellJoined(asker.key(), other, target);
    }
  }

  private void unjoin(Unjoin unjoin) {
    Asker asker = unjoin.asker();
    if (unjoin.other().isPresent()) {
      Optional<JoinLink> found = find(asker, unjoin.other().get());
      if (found.isEmpty()) {
        answerUnjoin(asker, Optional.of(noSuchJoin(unjoin.other().get())));
      } else {
        JoinLink link = found.get();
        enqueue(
            link, () -> start(link, refusal -> answerUnjoin(asker, refusal), unjoin.other().get()));
      }
      return;
    }
    List<JoinLink> all =
        unjoin.all().stream().flatMap(other -> find(asker, other).stream()).toList();
    if (all.isEmpty()) {
      answerUnjoin(asker, Optional.empty());
      return;
    }
    int[] left = {all.size()};
    for (JoinLink link : all) {
      enqueue(
          link,
          () ->
              start(
                  link,
                  refusal -> {
                    left[0]--;
                    if (left[0] == 0) {
                      answerUnjoin(asker, Optional.empty());
                    }
                  },
                  asker.key()));
    }
  }

  private Optional<JoinLink> find(Asker asker, PartyKey other) {
    return asker.key().equals(other)
        ? Optional.empty()
        : Optional.ofNullable(links.get(Set.of(asker.key(), other)));
  }

  private static StanzaError noSuchJoin(PartyKey other) {
    return StanzaError.serviceUnavailable("the call is not joined to " + other.node());
  }

  private void start(JoinLink link, Consumer<Optional<StanzaError>> answer, PartyKey other) {
    if (!link.isJoined()) {
      answer.accept(Optional.of(noSuchJoin(other)));
      return;
    }
    wait(
        link,
        link.breakIt(),
        (done, failure) -> {
          // Whoever is gone is not joined any more either.
          answer.accept(Optional.empty());
          link.pair().forEach(party -> tellUnjoined(link, party));
        });
  }

  private void callEnded(CallEnded ended) {
    PartyKey call = PartyKey.ofCall(ended.id());
    for (JoinLink link : List.copyOf(ofCalls.getOrDefault(call, Set.of()))) {
      enqueue(
          link,
          () -> {
            if (link.isJoined()) {
              CompletionStage<Void> unused = link.breakIt();
              tellUnjoined(link, link.otherThan(call));
            }
          });
    }
  }

  /** Waits for the media; what comes meanwhile for the same two waits too. */
  private <T> void wait(
      JoinLink link, CompletionStage<T> work, BiConsumer<Optional<T>, Optional<Throwable>> then) {
    link.busy();
    context.pipeToSelf(
        work,
        (value, failure) ->
            new Later(
                () -> {
                  then.accept(Optional.ofNullable(value), Optional.ofNullable(failure));
                  link.idle();
                  proceed(link);
                }));
  }

  private void enqueue(JoinLink link, Step step) {
    link.add(step);
    proceed(link);
  }

  private void proceed(JoinLink link) {
    link.proceed();
    if (link.isDone() && links.remove(link.pair(), link)) {
      for (PartyKey party : link.pair()) {
        if (party.isMixer()) {
          mixers.leave(party);
        } else {
          ofCalls.computeIfPresent(party, (key, of) -> of.remove(link) && of.isEmpty() ? null : of);
        }
      }
    }
  }

  private void answer(
      Asker asker, JoinTarget target, Optional<StanzaError> refusal, Optional<JID> made) {
    directory.tell(
        asker.address().getNode(),
        new CallActor.JoinAnswered(asker.iq(), Optional.of(target), refusal, made));
  }

  private void answerUnjoin(Asker asker, Optional<StanzaError> refusal) {
    directory.tell(
        asker.address().getNode(),
        new CallActor.JoinAnswered(asker.iq(), Optional.empty(), refusal, Optional.empty()));
  }

  private void tellJoined(PartyKey call, PartyKey other, JoinTarget target) {
    directory.tell(call.node(), new CallActor.Joined(other, target));
  }

  private void tellUnjoined(JoinLink link, PartyKey party) {
    PartyKey other = link.otherThan(party);
    if (party.isMixer()) {
      directory.tell(party, new MixerActor.Left(other.node()));
    } else {
      directory.tell(party.node(), new CallActor.Unjoined(other));
    }
  }
}
