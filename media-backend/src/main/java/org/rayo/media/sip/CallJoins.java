package org.rayo.media.sip;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.bridge.Joins;
import org.rayo.media.bridge.Mixer;

/** The joins of one call, and their end with it. */
final class CallJoins {

  private final EmbeddedCall call;
  private final Joins joins;
  private final Joins.Party party;
  private final CallEnvironment environment;
  private volatile Optional<DirectJoin> direct = Optional.empty();

  /**
   * @param environment has the joins of all calls of the backend
   */
  CallJoins(EmbeddedCall call, CallEnvironment environment) {
    this.call = call;
    this.environment = environment;
    this.joins = environment.joins();
    this.party = new Joins.Party(call.toString());
  }

  /** A join that goes past us is made and ended by itself; what is asked for next follows it. */
  CompletionStage<Void> join(MediaCall other, JoinRequest request) {
    return call.asked(
        List.of(),
        (now, done) -> {
          CallJoins others = of(other);
          Optional<DirectJoin> ours = direct.filter(known -> known.isOf(this, others));
          if (request.media() == JoinRequest.Media.DIRECT) {
            joinDirectly(others, request, done);
          } else if (ours.isPresent()) {
            pass(ours.get().end().thenCompose(home -> join(other, request)), done);
          } else {
            joins.requireHere(party);
            pass(bridge(others, request), done);
          }
        });
  }

  private void joinDirectly(CallJoins others, JoinRequest request, CompletableFuture<Void> done)
      throws MediaException {
    if (party == others.party) {
      throw new MediaException(
          MediaException.Fault.REFUSED, "join: a call cannot be joined to itself");
    }
    if (request.direction() != JoinRequest.Direction.DUPLEX) {
      throw new MediaException(
          MediaException.Fault.UNSUPPORTED,
          "join: audio that goes past this server goes both ways (media direct, direction duplex)");
    }
    Optional<DirectJoin> known = direct.or(() -> others.direct);
    if (known.isPresent() && known.get().isEnding()) {
      pass(known.get().ended().thenCompose(home -> join(others.call, request)), done);
      return;
    }
    if (known.isPresent() && known.get().isOf(this, others)) {
      pass(known.get().made(), done);
      return;
    }
    joins.beginDirect(party, others.party);
    if (direct.isPresent() || others.direct.isPresent()) {
      // One that was ending had not ended yet.
      joins.endDirect(party, others.party);
      pass(join(others.call, request), done);
      return;
    }
    DirectJoin join = new DirectJoin(environment, this, others, request.participant());
    direct = Optional.of(join);
    others.direct = direct;
    join.begin();
    pass(join.made(), done);
  }

  /** Each call says on its own queue whether it has media. */
  CompletionStage<Void> bridge(CallJoins others, JoinRequest request) {
    return call.asked(
        List.of(),
        (now, done) -> {
          Joins.check(party, others.party, request);
          CallAudio audio = now.media().audio();
          pass(others.joinedBy(party, audio, request), done);
        });
  }

  private CompletionStage<Void> joinedBy(
      Joins.Party asking, CallAudio askingAudio, JoinRequest request) {
    return call.asked(
        List.of(),
        (now, done) -> {
          joins.requireHere(party);
          pass(joins.join(asking, askingAudio, party, now.media().audio(), request), done);
        });
  }

  CompletionStage<Void> join(MediaMixer mixer, JoinRequest request) {
    return call.asked(
        List.of(),
        (now, done) -> {
          Mixer joined = of(mixer);
          joins.requireHere(party);
          Joins.check(party, joined.party(), request);
          pass(joins.join(party, now.media().audio(), joined, request), done);
        });
  }

  CompletionStage<Void> unjoin(MediaMixer mixer) {
    return call.asked(List.of(), (now, done) -> pass(joins.unjoin(party, of(mixer).party()), done));
  }

  /** The same way as a join, so that it does not overtake one. */
  CompletionStage<Void> unjoin(MediaCall other) {
    return call.asked(
        List.of(),
        (now, done) -> {
          CallJoins others = of(other);
          Optional<DirectJoin> ours = direct.filter(known -> known.isOf(this, others));
          pass(ours.isPresent() ? ours.get().end() : unbridge(others), done);
        });
  }

  CompletionStage<Void> unbridge(CallJoins others) {
    return call.asked(List.of(), (now, done) -> pass(others.unjoinedBy(party), done));
  }

  private CompletionStage<Void> unjoinedBy(Joins.Party asking) {
    return call.asked(List.of(), (now, done) -> pass(joins.unjoin(asking, party), done));
  }

  /** The call is over: it leaves them all. */
  void callEnded() {
    joins.ended(party);
    direct.ifPresent(join -> join.callEnded(this));
  }

  /**
   * The other side has changed its media, which comes here.
   *
   * @param end what it says of it
   */
  void renegotiated(Optional<RemoteAudio> end) {
    direct.ifPresent(join -> end.ifPresent(says -> join.renegotiated(this, says)));
  }

  /** Whether its audio goes past us, or is about to. */
  boolean isDirect() {
    return joins.isDirect(party);
  }

  // For the direct join.

  EmbeddedCall call() {
    return call;
  }

  Joins.Party party() {
    return party;
  }

  void left(DirectJoin join) {
    if (direct.filter(join::equals).isPresent()) {
      direct = Optional.empty();
    }
  }

  int count() {
    return joins.count(party);
  }

  private CallJoins of(MediaCall other) throws MediaException {
    if (other instanceof EmbeddedCall ours && ours.joins().joins.equals(joins)) {
      return ours.joins();
    }
    throw new MediaException(
        MediaException.Fault.REFUSED, "the other call is not one of this media backend's");
  }

  private Mixer of(MediaMixer mixer) throws MediaException {
    if (mixer instanceof EmbeddedMixer ours && ours.joins().equals(joins)) {
      return ours.audio();
    }
    throw new MediaException(
        MediaException.Fault.REFUSED, "the mixer is not one of this media backend's");
  }

  private static void pass(CompletionStage<Void> from, CompletableFuture<Void> to) {
    CompletionStage<Void> unused =
        from.whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                to.complete(null);
              } else {
                to.completeExceptionally(failure);
              }
            });
  }
}
