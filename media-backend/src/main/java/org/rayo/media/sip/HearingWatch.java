package org.rayo.media.sip;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether SIP still hears. The stack reads UDP on one thread of its own; if that
 * thread dies nothing else would tell. One line says when it is deaf, and one when it hears again.
 */
final class HearingWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HearingWatch.class);

  static final Duration EVERY = Duration.ofSeconds(30);
  private static final int TRIES = 3;
  private static final Duration WAIT_FOR_EACH = Duration.ofSeconds(1);

  private final SelfProbe probe;
  private final Duration waitForEach;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "sip-watch");
            made.setDaemon(true);
            return made;
          });
  private volatile boolean hears = true;

  /** Begins to look. */
  HearingWatch(SelfProbe probe) {
    this(probe, EVERY, WAIT_FOR_EACH);
  }

  HearingWatch(SelfProbe probe, Duration every, Duration waitForEach) {
    this.probe = probe;
    this.waitForEach = waitForEach;
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(
            this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What the last look showed. */
  boolean hears() {
    return hears;
  }

  private void look() {
    boolean heardBefore = hears;
    try {
      hears = probe.answers(TRIES, waitForEach);
    } catch (IOException e) {
      log.debug("SIP cannot be asked whether it hears", e);
      hears = false;
    }
    if (thread.isShutdown()) {
      return;
    }
    if (heardBefore && !hears) {
      log.error("SIP hears nothing over UDP any more: no call can come in, restart the server");
    } else if (!heardBefore && hears) {
      log.warn("SIP hears again");
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
