package org.rayo.media.sip;

import java.util.List;
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

  /**
   * @param joins of all calls of the backend
   */
  CallJoins(EmbeddedCall call, Joins joins) {
    this.call = call;
    this.joins = joins;
    this.party = new Joins.Party(call.toString());
  }

  /** Each call says on its own queue whether it has media. */
  CompletionStage<Void> join(MediaCall other, JoinRequest request) {
    return call.asked(
        List.of(),
        (now, done) -> {
          CallJoins others = of(other);
          Joins.check(party, others.party, request);
          CallAudio audio = now.media().audio();
          pass(others.joinedBy(party, audio, request), done);
        });
  }

  private CompletionStage<Void> joinedBy(
      Joins.Party asking, CallAudio askingAudio, JoinRequest request) {
    return call.asked(
        List.of(),
        (now, done) ->
            pass(joins.join(asking, askingAudio, party, now.media().audio(), request), done));
  }

  CompletionStage<Void> join(MediaMixer mixer, JoinRequest request) {
    return call.asked(
        List.of(),
        (now, done) -> {
          Mixer joined = of(mixer);
          Joins.check(party, joined.party(), request);
          pass(joins.join(party, now.media().audio(), joined, request), done);
        });
  }

  CompletionStage<Void> unjoin(MediaMixer mixer) {
    return call.asked(List.of(), (now, done) -> pass(joins.unjoin(party, of(mixer).party()), done));
  }

  /** The same way as a join, so that it does not overtake one. */
  CompletionStage<Void> unjoin(MediaCall other) {
    return call.asked(List.of(), (now, done) -> pass(of(other).unjoinedBy(party), done));
  }

  private CompletionStage<Void> unjoinedBy(Joins.Party asking) {
    return call.asked(List.of(), (now, done) -> pass(joins.unjoin(asking, party), done));
  }

  /** The call is over: it leaves them all. */
  void callEnded() {
    joins.ended(party);
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
