package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.rayo.media.MediaEvent;
import org.rayo.media.call.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a call does not outlive its channel, whatever events were missed. On its queue.
 */
final class Aftercare {

  private static final Logger log = LoggerFactory.getLogger(Aftercare.class);

  /** FreeSWITCH does not say how it ended: it is asked again. */
  private static final Duration AGAIN = Duration.ofSeconds(4);

  /** For the events of a channel that is gone already. */
  private static final Duration LAST_EVENTS = Duration.ofSeconds(1);

  private final FreeSwitchCall call;
  private final Deadline later;

  Aftercare(FreeSwitchCall call, ScheduledExecutorService timers) {
    this.call = call;
    this.later = new Deadline(timers);
  }

  /** Looks after it later. */
  void lookIn(Duration time) {
    later.set(time, () -> call.queue().execute(this::look));
  }

  /** It needs no care any more. */
  void clear() {
    later.clear();
  }

  /** Asks FreeSWITCH what has become of it. */
  void look() {
    Optional<String> shown = call.playbacks().shown();
    CompletionStage<Void> unused =
        call.channel()
            .look()
            .handleAsync(
                (seen, failure) -> {
                  if (failure != null) {
                    unseen(failure);
                  } else {
                    seen.ifPresentOrElse(look -> seen(look, shown), this::notThere);
                  }
                  return null;
                },
                call.queue());
  }

  /** What its end was like may be on its way. */
  private void notThere() {
    later.set(LAST_EVENTS, () -> call.queue().execute(this::vanished));
  }

  private void vanished() {
    if (!(call.phase() instanceof Phase.Over)) {
      log.info("{}: FreeSWITCH has no such channel any more", call);
      call.phase().vanished(MediaEvent.EndReason.HUNGUP);
    }
  }

  private void seen(Channel.Look look, Optional<String> shown) {
    if (call.phase() instanceof Phase.Leaving) {
      Stages.ignore(() -> call.channel().kill(HangupCause.NORMAL_CLEARING));
      lookIn(AGAIN);
      return;
    }
    if (look.answered() && !call.phase().wasAnswered()) {
      call.phase().answered(look.state());
    }
    call.playbacks().looked(shown, look.application());
  }

  /** It cannot be asked: its server comes back, or is given up. */
  private void unseen(Throwable failure) {
    log.debug("{}: {}", call, failure.getMessage());
    if (call.phase() instanceof Phase.Leaving) {
      lookIn(AGAIN);
    }
  }
}
