package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a channel of which nobody here knows, as soon as its server can be reached. */
final class Forgotten {

  private static final Logger log = LoggerFactory.getLogger(Forgotten.class);

  private static final Duration AGAIN = Duration.ofMillis(500);

  /** A server that is not there when we start is not waited for longer. */
  private static final int MOST_TRIES = 60;

  private final Switch server;
  private final String uuid;
  private final ScheduledExecutorService timers;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private int tries;

  Forgotten(Switch server, String uuid, ScheduledExecutorService timers) {
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
    CompletionStage<Void> unused =
        server
            .ask(ApiCommand.of("uuid_kill", uuid))
            .handle(
                (reply, failure) -> {
                  if (failure == null) {
                    ended.complete(null);
                  } else {
                    again();
                  }
                  return null;
                });
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
