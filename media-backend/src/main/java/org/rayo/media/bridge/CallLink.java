package org.rayo.media.bridge;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.JoinRequest;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.audio.CallAudio;

/** Two calls, of which each may hear the other. */
final class CallLink implements Joins.Link {

  private final Joins.Party first;
  private final Hearing byFirst;
  private final Hearing bySecond;

  /**
   * @param keys hears of those that the first one presses while the second one hears it
   */
  CallLink(Joins.Party first, CallAudio firstAudio, CallAudio secondAudio, KeyEar keys) {
    this.first = first;
    byFirst = new Hearing(secondAudio, firstAudio, KeyEar.DEAF);
    bySecond = new Hearing(firstAudio, secondAudio, keys);
  }

  /** A direction that stays as it is is not touched, so that nothing of it is lost. */
  @Override
  public CompletionStage<Void> set(Joins.Party asking, JoinRequest request) {
    boolean says = request.direction() != Direction.RECV;
    boolean hears = request.direction() != Direction.SEND;
    return asking == first ? set(hears, says) : set(says, hears);
  }

  @Override
  public CompletionStage<Void> cut() {
    return set(false, false);
  }

  private CompletionStage<Void> set(boolean firstHears, boolean secondHears) {
    return CompletableFuture.allOf(byFirst.set(firstHears), bySecond.set(secondHears))
        .minimalCompletionStage();
  }
}
