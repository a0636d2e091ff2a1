package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;
import org.rayo.media.freeswitch.eventsocket.Reply;

/**
 * One call that FreeSWITCH is asked to place: it is one as soon as there is a channel for it, and
 * none when FreeSWITCH refuses before that.
 */
final class Origination {

  /** FreeSWITCH's own limit is a few seconds behind ours. */
  private static final Duration BEHIND = Duration.ofSeconds(10);

  private final FreeSwitchCall call;
  private final CompletableFuture<MediaCall> answer = new CompletableFuture<>();
  private final AtomicBoolean decided = new AtomicBoolean();

  Origination(FreeSwitchCall call) {
    this.call = call;
  }

  CompletionStage<MediaCall> start(ApiCommand originate, Duration patience) {
    CompletionStage<Void> there = call.created().thenRun(this::isThere);
    CompletionStage<Void> unused =
        call.channel()
            .server()
            .background(originate, patience.plus(BEHIND))
            .handle(
                (reply, failure) -> {
                  if (failure != null) {
                    failed(Stages.mediaException(failure));
                  } else {
                    replied(reply);
                  }
                  return null;
                });
    there.exceptionally(failure -> null);
    return answer.minimalCompletionStage();
  }

  private void isThere() {
    if (decided.compareAndSet(false, true)) {
      answer.complete(call);
    }
  }

  private void replied(Reply reply) {
    if (reply.ok()) {
      isThere();
    } else {
      refused(new HangupCause(reply.text().strip()));
    }
  }

  /** Of a call that there is, its own events tell how it ended; they may be on their way. */
  private void refused(HangupCause cause) {
    if (decided.compareAndSet(false, true)) {
      call.discard();
      answer.completeExceptionally(
          new MediaException(
              Fault.FAILED, "dial: FreeSWITCH cannot place the call: " + cause + explained(cause)));
    } else {
      call.missedEvents();
    }
  }

  private static String explained(HangupCause cause) {
    return cause.name().equals("INVALID_GATEWAY")
        ? " (it has none of the name that dial.routes gives; sofia status lists them)"
        : "";
  }

  private void failed(MediaException failure) {
    if (decided.compareAndSet(false, true)) {
      // It may have been placed nevertheless.
      call.channel().server().abandon(call.channel().uuid());
      call.discard();
      answer.completeExceptionally(failure);
    } else {
      call.missedEvents();
    }
  }
}
