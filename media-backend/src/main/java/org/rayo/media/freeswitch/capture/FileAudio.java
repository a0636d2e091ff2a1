package org.rayo.media.freeswitch.capture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.rayo.media.MediaException;
import org.rayo.media.audio.MediaThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audio of a call of FreeSWITCH's, from a file that it writes: one of both sides, while anybody
 * needs any. The taps get what has been written, as many samples as there are: the file says how
 * long the call is. When it does not grow any more it is given up, and another one is begun.
 */
final class FileAudio extends TickedAudio {

  private static final Logger log = LoggerFactory.getLogger(FileAudio.class);

  /** A file that does not grow for so long does not hold the call. */
  private static final int STALL_TICKS = ticks(Duration.ofSeconds(5));

  /** The end of the file may be the first sign of the end of the call. */
  private static final int PATIENCE_TICKS = ticks(Duration.ofMillis(200));

  /** Should even the thread that reads the file be gone. */
  private static final int LONGEST_DRAIN_TICKS = ticks(Duration.ofSeconds(1));

  private static final int GRACE_TICKS = ticks(Duration.ofSeconds(2));
  private static final int WAIT_TICKS = ticks(Duration.ofSeconds(1));
  private static final int MOST_TRIES = 10;

  /** From the end of a beep at FreeSWITCH until all that was written of it has been read. */
  private static final int BEEP_TICKS = ticks(Duration.ofMillis(120));

  /** A beep that was played, and when what was written of it will have been read. */
  private static final class Beep {
    private final Runnable done;
    private int ticksLeft = BEEP_TICKS;

    Beep(Runnable done) {
      this.done = done;
    }
  }

  private final ScheduledExecutorService readers;
  private final Recordings recordings;
  private final List<Beep> beeps = new ArrayList<>();

  private int needed;
  private int unneededTicks;
  private Optional<GrowingFile> file = Optional.empty();
  private int attempt;
  private boolean starting;
  private int tries;
  private int waitTicks;
  private boolean flowing;
  private int stalledTicks;
  private int idleTicks;
  private int owedTicks;

  FileAudio(
      String callId, MediaThread thread, ScheduledExecutorService readers, Recordings recordings) {
    super(callId, thread);
    this.readers = readers;
    this.recordings = recordings;
  }

  private static int ticks(Duration time) {
    return Math.toIntExact(time.toMillis() / 20);
  }

  @Override
  void opened(Openings.Opening opening) {
    needed += opening.sides().size();
    unneededTicks = 0;
    if (file.isEmpty() && !starting) {
      tries = 0;
      start();
    } else if (flowing) {
      openings.completeThose(side -> true);
    }
  }

  @Override
  void released(Set<Side> sides) {
    needed = Math.max(0, needed - sides.size());
  }

  @Override
  void playBeep(Runnable done) {
    recordings.beep(done);
  }

  @Override
  void beeped(Runnable done) {
    if (file.isPresent()) {
      beeps.add(new Beep(done));
    } else {
      done.run();
    }
  }

  private void passBeeps() {
    for (Iterator<Beep> each = beeps.iterator(); each.hasNext(); ) {
      Beep beep = each.next();
      if (isOver() || --beep.ticksLeft <= 0) {
        each.remove();
        beep.done.run();
      }
    }
  }

  private void start() {
    starting = true;
    waitTicks = 0;
    stalledTicks = 0;
    tries++;
    int number = ++attempt;
    CompletionStage<Void> unused =
        recordings
            .start()
            .handle(
                (path, failure) -> {
                  execute(
                      () -> {
                        if (failure == null) {
                          started(number, path);
                        } else if (number == attempt && starting) {
                          lost(String.valueOf(failure.getMessage()));
                        }
                      });
                  return null;
                });
  }

  private void started(int number, Path path) {
    boolean wanted = number == attempt && starting && !isOver();
    GrowingFile opened =
        new GrowingFile(path, RATE, readers, failure -> execute(() -> failed(number, failure)));
    if (wanted) {
      starting = false;
      stalledTicks = 0;
      file = Optional.of(opened);
    } else {
      recordings.stop(path);
      opened.discard();
    }
  }

  private void failed(int number, IOException why) {
    if (number == attempt && file.isPresent()) {
      lost(file.get().path() + ": " + why.getMessage());
    }
  }

  private void lost(String why) {
    drop();
    MediaException failure =
        new MediaException(MediaException.Fault.FAILED, callId + " cannot be heard: " + why);
    for (Openings.Opening opening : openings.failAll(failure)) {
      needed = Math.max(0, needed - opening.sides().size());
    }
    if (isEnding()) {
      finish();
    } else if (needed > 0 && tries < MOST_TRIES) {
      waitTicks = WAIT_TICKS;
      log.info("{}: again in 1 s", failure.getMessage());
    } else if (needed > 0) {
      log.warn("{}: given up, and silence from now on", failure.getMessage());
    }
  }

  /** The file is not needed any more. */
  private void drop() {
    starting = false;
    flowing = false;
    waitTicks = 0;
    file.ifPresent(
        now -> {
          recordings.stop(now.path());
          now.discard();
        });
    file = Optional.empty();
  }

  @Override
  boolean drain() {
    idleTicks = 0;
    file.ifPresent(now -> now.finish(() -> execute(this::finish)));
    return file.isEmpty();
  }

  @Override
  void close() {
    file.ifPresent(this::giveWhatThereIs);
    drop();
    passBeeps();
  }

  @Override
  public void tick(long dueNanos, long lateNanos) {
    if (file.isPresent() && file.get().available() > 0) {
      grown(file.get());
    } else {
      idle();
    }
    if (!beeps.isEmpty()) {
      passBeeps();
    }
    unneededTicks = needed > 0 ? 0 : unneededTicks + 1;
    if (unneededTicks > GRACE_TICKS && !isEnding()) {
      drop();
      if (taps.isEmpty() && beeps.isEmpty()) {
        stopTicking();
      }
    }
  }

  private void grown(GrowingFile now) {
    stalledTicks = 0;
    idleTicks = 0;
    if (flowing) {
      // What was not written in time is written now: no time is owed.
      owedTicks = 0;
      giveWhatThereIs(now);
    } else {
      // What came before this file is in none. Whoever waits for it gets it with the next tick.
      giveSilence();
      flowing = true;
      tries = 0;
      openings.completeThose(side -> true);
    }
  }

  /** Time is owed until there is a file again, or the old one is given up. */
  private void idle() {
    if (isEnding()) {
      if (++idleTicks > LONGEST_DRAIN_TICKS) {
        finish();
      }
      return;
    }
    stalledTicks++;
    idleTicks++;
    owedTicks++;
    if (waitTicks > 0 && --waitTicks == 0 && needed > 0) {
      start();
    }
    if (stalledTicks > PATIENCE_TICKS && file.isPresent() && file.get().isClosed()) {
      lost("FreeSWITCH has closed " + file.get().path());
    } else if (stalledTicks == STALL_TICKS && (file.isPresent() || starting)) {
      lost("FreeSWITCH writes nothing");
    }
    if (idleTicks >= STALL_TICKS) {
      giveSilence();
    }
  }

  private void giveWhatThereIs(GrowingFile now) {
    for (int left = now.available(); left > 0; left = now.available()) {
      int length = left > LONGEST_FRAME ? FRAME : left;
      now.take(send, recv, length);
      taps.frame(send, recv, length);
    }
  }

  private void giveSilence() {
    Arrays.fill(send, (short) 0);
    Arrays.fill(recv, (short) 0);
    for (; owedTicks > 0; owedTicks--) {
      taps.frame(send, recv, FRAME);
    }
  }
}
