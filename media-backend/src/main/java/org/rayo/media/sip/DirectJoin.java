package org.rayo.media.sip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.bridge.Joins;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two calls whose ends send their audio to each other, past us: each is told of the other by
 * INVITEs within its dialog until both say what the other was told. It ends when it is unjoined,
 * when one of the calls ends, or when an end changes its media itself; then the audio of each that
 * is left comes back here by another INVITE. Whatever fails ends so too. Has a queue of its own;
 * methods may be called from any thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3725#section-4">RFC 3725, section 4</a>
 */
final class DirectJoin {

  private static final Logger log = LoggerFactory.getLogger(DirectJoin.class);

  /** INVITEs that are taken before the ends agree: two, and as many more. */
  private static final int ROUNDS = 4;

  /** Of the time that an INVITE may take: how often each end is asked whether it is still there. */
  private static final int PATIENCES_BETWEEN_REFRESHES = 10;

  private static final int TRIES_TO_COME_BACK = 3;
  private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

  private final CallEnvironment environment;
  private final Joins joins;
  private final CallQueue queue;
  private final Side one;
  private final Side other;
  private final String participant;
  private final Deadline refresh;
  private final CompletableFuture<Void> made = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  // Changed on the queue only.
  private volatile boolean ending;
  private int rounds;
  private CompletionStage<Void> bridged = CompletableFuture.completedStage(null);

  /** One of the calls. */
  private static final class Side {
    final CallJoins joins;
    Optional<RemoteAudio> says = Optional.empty();
    Optional<RemoteAudio> told = Optional.empty();
    boolean inviting;
    boolean past;
    boolean over;
    int triesToComeBack;

    Side(CallJoins joins) {
      this.joins = joins;
    }

    EmbeddedCall call() {
      return joins.call();
    }
  }

  /**
   * One that {@link Joins#beginDirect} has room for.
   *
   * @param participant of the call that asks, for a join that takes the place of this one
   */
  DirectJoin(CallEnvironment environment, CallJoins asking, CallJoins asked, String participant) {
    this.environment = environment;
    this.joins = environment.joins();
    this.queue = new CallQueue(environment.workers());
    this.one = new Side(asking);
    this.other = new Side(asked);
    this.participant = participant;
    this.refresh = new Deadline(environment.timers());
  }

  boolean isOf(CallJoins a, CallJoins b) {
    return (one.joins == a && other.joins == b) || (one.joins == b && other.joins == a);
  }

  /** Completes when the ends hear each other. */
  CompletionStage<Void> made() {
    return made.minimalCompletionStage();
  }

  /** Whether it is over, but for audio that has to come back. */
  boolean isEnding() {
    return ending;
  }

  /** Completes when no audio goes past us any more. */
  CompletionStage<Void> ended() {
    return ended.minimalCompletionStage();
  }

  /** Asks both calls whether they can, and tells the ends of each other. */
  void begin() {
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(ask(one), ask(other))
            .whenComplete(
                (nothing, failure) ->
                    queue.execute(
                        () -> {
                          if (failure == null) {
                            proceed();
                          } else {
                            giveUp(failure.getCause() == null ? failure : failure.getCause());
                          }
                        }));
  }

  private CompletableFuture<Void> ask(Side side) {
    CompletionStage<RemoteAudio> answer =
        side.call().asked(List.of(), (now, says) -> says.complete(now.endAudio()));
    return answer
        .thenAccept(says -> queue.execute(() -> side.says = Optional.of(says)))
        .toCompletableFuture();
  }

  /** Ends it. Completes when both ends' audio comes here again, and nobody hears another. */
  CompletionStage<Void> end() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    queue.execute(
        () -> {
          giveUp(new MediaException(Fault.CONFLICT, "join: it was ended before it was made"));
          CompletableFuture<Void> unused =
              CompletableFuture.allOf(ended, settled(bridged))
                  .thenCompose(home -> settled(one.joins.unbridge(other.joins)))
                  .thenAccept(done::complete);
        });
    return done.minimalCompletionStage();
  }

  private static CompletableFuture<Void> settled(CompletionStage<Void> stage) {
    return stage.<Void>handle((done, failure) -> null).toCompletableFuture();
  }

  /** One of the calls is over. */
  void callEnded(CallJoins call) {
    queue.execute(
        () -> {
          side(call).over = true;
          giveUp(new MediaException(Fault.GONE, "join: " + call.call() + " is over"));
        });
  }

  /**
   * An end has changed its media itself, and has ours: when it had the other's, they are bridged.
   */
  void renegotiated(CallJoins call, RemoteAudio says) {
    queue.execute(
        () -> {
          Side side = side(call);
          side.says = Optional.of(says);
          boolean came = side.past;
          side.past = false;
          side.told = Optional.empty();
          if (ending) {
            proceed();
          } else if (!came && says.isOpen()) {
            proceed();
          } else {
            fallBack(
                new MediaException(
                    Fault.WRONG_STATE, "join: " + call.call() + " changed its media itself"));
          }
        });
  }

  private JoinRequest bridge() {
    return new JoinRequest(participant, JoinRequest.Direction.DUPLEX, JoinRequest.Media.BRIDGE);
  }

  private Side side(CallJoins call) {
    return one.joins == call ? one : other;
  }

  // On the queue.

  /** One INVITE after the other out; both at once back. */
  private void proceed() {
    if (ending) {
      comeBack(one);
      comeBack(other);
      if (isHome(one) && isHome(other) && !ended.isDone()) {
        one.joins.left(this);
        other.joins.left(this);
        ended.complete(null);
      }
    } else if (one.says.isPresent() && other.says.isPresent() && !one.inviting && !other.inviting) {
      if (mustBeTold(one, other)) {
        tell(one, other);
      } else if (mustBeTold(other, one)) {
        tell(other, one);
      } else {
        agreed();
      }
    }
  }

  private void agreed() {
    rounds = 0;
    if (!made.isDone()) {
      log.info("{} and {}: joined, audio goes past this server", one.call(), other.call());
      CompletionStage<Void> unused = one.joins.unbridge(other.joins);
      made.complete(null);
      refreshLater();
    }
  }

  private static boolean isHome(Side side) {
    return side.over || (!side.inviting && !side.past);
  }

  /** Not told, or told what is not so any more, or it may send what the peer does not take. */
  private static boolean mustBeTold(Side side, Side peer) {
    RemoteAudio now = peer.says.orElseThrow();
    return side.told
        .map(told -> !told.isAtSamePlace(now) || !now.takes(told.common(side.says.orElseThrow())))
        .orElse(true);
  }

  private void tell(Side side, Side peer) {
    RemoteAudio offer = peer.says.orElseThrow().common(side.says.orElseThrow());
    if (!offer.hasAudio()) {
      giveUp(
          new MediaException(
              Fault.UNSUPPORTED,
              "join: "
                  + side.call()
                  + " and "
                  + peer.call()
                  + " have no codec in common: their audio can only go through this server"));
    } else if (++rounds > ROUNDS) {
      giveUp(new MediaException(Fault.UNSUPPORTED, "join: the ends do not agree on their media"));
    } else {
      invite(side, offer);
    }
  }

  private void invite(Side side, RemoteAudio offer) {
    side.inviting = true;
    new Reinvite(
            side.call(),
            environment,
            Optional.of(offer),
            () -> !ending,
            outcome -> queue.execute(() -> told(side, offer, outcome)))
        .start();
  }

  private void refreshLater() {
    refresh.set(
        environment.ackTimeout().multipliedBy(PATIENCES_BETWEEN_REFRESHES),
        () -> queue.execute(this::refresh));
  }

  /** Nothing that an end sends is seen here: whether it is still there, only an INVITE tells. */
  private void refresh() {
    if (!ending) {
      for (Side side : List.of(one, other)) {
        if (!side.inviting) {
          side.told.ifPresent(offer -> invite(side, offer));
        }
      }
      refreshLater();
    }
  }

  private void told(Side side, RemoteAudio offer, Reinvite.Outcome outcome) {
    side.inviting = false;
    side.past = outcome.past();
    if (outcome.failure().isPresent()) {
      fallBack(outcome.failure().get());
      return;
    }
    side.told = Optional.of(offer);
    side.says = outcome.says();
    if (!outcome.says().filter(RemoteAudio::isOpen).isPresent()) {
      fallBack(new MediaException(Fault.WRONG_STATE, "join: " + side.call() + " is on hold"));
    } else {
      proceed();
    }
  }

  /** It ends; when it was made, the two are joined by way of this server from now on. */
  private void fallBack(MediaException reason) {
    boolean instead = made.isDone() && !ending;
    giveUp(reason);
    if (instead) {
      log.info("{}: joined by way of this server", reason.getMessage());
      bridged = one.joins.bridge(other.joins, bridge());
    }
  }

  /** It ends: for whoever waits for it, with this reason. */
  private void giveUp(Throwable reason) {
    if (!ending) {
      ending = true;
      refresh.clear();
      joins.endDirect(one.joins.party(), other.joins.party());
      if (made.completeExceptionally(reason)) {
        log.info("{} and {}: not joined: {}", one.call(), other.call(), reason.getMessage());
      }
    }
    proceed();
  }

  private void comeBack(Side side) {
    if (isHome(side) || side.inviting) {
      return;
    }
    side.inviting = true;
    new Reinvite(
            side.call(),
            environment,
            Optional.empty(),
            () -> true,
            outcome -> queue.execute(() -> cameBack(side, outcome)))
        .start();
  }

  /** Who does not come back hears nobody, and nobody hears him. */
  private void cameBack(Side side, Reinvite.Outcome outcome) {
    side.past = outcome.past();
    if (!side.past || side.over) {
      side.inviting = false;
      proceed();
    } else if (++side.triesToComeBack < TRIES_TO_COME_BACK) {
      new Deadline(environment.timers())
          .set(
              BEFORE_NEXT_TRY,
              () ->
                  queue.execute(
                      () -> {
                        side.inviting = false;
                        proceed();
                      }));
    } else {
      side.inviting = false;
      side.past = false;
      String why =
          outcome.failure().map(MediaException::getMessage).orElse("its audio does not come back");
      side.call().network(now -> now.unreachable(EndReason.ERROR, String.valueOf(why)));
      proceed();
    }
  }
}
