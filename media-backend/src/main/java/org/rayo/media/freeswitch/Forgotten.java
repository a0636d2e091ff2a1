package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a channel of which nobody here knows, as soon as its server can be reached. */
final class Forgotten {

  private static final Logger log = LoggerFactory.getLogger(Forgotten.class);

  private static final Duration AGAIN = Duration.ofMillis(500);

  /** What a channel runs that waits for us; none while it is bridged. */
  private static final Set<String> OURS = Set.of("", "park", "socket", "conference");

  /** A server that is not there when we start is not waited for longer. */
  private static final int MOST_TRIES = 60;

  private final Switch server;
  private final String uuid;
  private final boolean heldBySockets;
  private final ScheduledExecutorService timers;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private int tries;

  /**
   * @param heldBySockets FreeSWITCH goes on with the dialplan of calls whose socket has closed:
   *     what is in no place of ours any more is not ours to end
   */
  Forgotten(Switch server, String uuid, boolean heldBySockets, ScheduledExecutorService timers) {
    this.heldBySockets = heldBySockets;
    this.server = server;
    this.uuid = uuid;
    this.timers = timers;
  }

  /** Completes when it is ended, or is not there, or has been given up. */
  CompletionStage<Void> end() {
    attempt();
    return ended.minimalCompletionStage();
  }

  private void attempt() {
    Channel channel = new Channel(server, uuid);
    CompletionStage<Void> unused =
        channel
            .look()
            .thenCompose(seen -> seen.isPresent() ? seen(channel, seen.get()) : Stages.done())
            .handle(
                (done, failure) -> {
                  if (failure == null || server.isReady()) {
                    ended.complete(null);
                  } else {
                    again();
                  }
                  return null;
                });
  }

  private CompletionStage<Void> seen(Channel channel, Channel.Look look) {
    if (heldBySockets && !OURS.contains(look.application())) {
      log.info("{}: left alone, its dialplan has gone on with {}", channel, look.application());
      return Stages.done();
    }
    return channel.kill(HangupCause.NORMAL_CLEARING);
  }

  private void again() {
    tries++;
    if (tries >= MOST_TRIES) {
      log.warn("Channel {} of a run before is not ended: {} cannot be reached", uuid, server);
      ended.complete(null);
      return;
    }
    try {
      Future<?> unused = timers.schedule(this::attempt, AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      ended.complete(null);
    }
  }
}
