package org.rayo.media.freeswitch.capture;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.rayo.media.MediaException;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.Taps;
import org.rayo.media.audio.Ticked;

/**
 * What captured audio is, wherever it comes from: taps on a media thread that is ticked while
 * anybody needs anything, until the call is over and its last frame given.
 */
abstract class TickedAudio implements CapturedAudio, Ticked {

  static final int RATE = 8000;
  static final int FRAME = RATE / 50;

  /** Samples that a tap gets at once, at most. */
  static final int LONGEST_FRAME = 2 * FRAME;

  final String callId;
  final MediaThread thread;
  final Taps taps;
  final Openings openings = new Openings();
  final short[] send = new short[LONGEST_FRAME];
  final short[] recv = new short[LONGEST_FRAME];
  private boolean ticking;
  private Optional<Runnable> drained = Optional.empty();
  private boolean over;

  TickedAudio(String callId, MediaThread thread) {
    this.callId = callId;
    this.thread = thread;
    taps = new Taps(callId);
  }

  @Override
  public final int sampleRateHz() {
    return RATE;
  }

  @Override
  public final void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public final void attach(FrameTap tap) {
    taps.add(tap);
    keepTicking();
  }

  @Override
  public final void detach(FrameTap tap) {
    taps.remove(tap);
  }

  /** Nothing goes the other way. */
  @Override
  public final void play(short[] samples, Runnable done) {
    execute(done);
  }

  @Override
  public final void key(char digit) {
    execute(() -> taps.key(digit, 0));
  }

  @Override
  public final CompletionStage<Void> open(Set<Side> sides) {
    Openings.Opening opening = new Openings.Opening(sides);
    execute(
        () -> {
          if (isEnding()) {
            opening.fail(gone());
          } else {
            openings.add(opening);
            opened(opening);
            keepTicking();
          }
        });
    return opening.stage();
  }

  /** Somebody waits for sides. */
  abstract void opened(Openings.Opening opening);

  @Override
  public final void release(Set<Side> sides) {
    Set<Side> which = Set.copyOf(sides);
    execute(() -> released(which));
  }

  /** Somebody needs them no more. */
  abstract void released(Set<Side> sides);

  @Override
  public final void beep(Runnable done) {
    if (isEnding()) {
      execute(done);
    } else {
      playBeep(() -> execute(() -> beeped(done)));
    }
  }

  /**
   * Has the beep played.
   *
   * @param done run when the caller has heard it, on any thread
   */
  abstract void playBeep(Runnable done);

  /**
   * The caller has heard it.
   *
   * @param done to be run when the taps have got what there is of it
   */
  abstract void beeped(Runnable done);

  @Override
  public final void callEnded(Runnable whenDrained) {
    execute(
        () -> {
          if (isEnding()) {
            whenDrained.run();
            return;
          }
          drained = Optional.of(whenDrained);
          openings.failAll(gone());
          if (drain()) {
            finish();
          } else {
            keepTicking();
          }
        });
  }

  /**
   * The call is over: what is still on its way is to be taken, and {@link #finish} called then.
   *
   * @return whether nothing is
   */
  abstract boolean drain();

  /** Gives the rest, and ends what there is. */
  abstract void close();

  /** No frame after this. */
  final void finish() {
    if (over) {
      return;
    }
    over = true;
    close();
    stopTicking();
    Runnable whenDrained = drained.orElseThrow();
    drained = Optional.empty();
    whenDrained.run();
  }

  /** Whether the call is over, be its last frame given or not. */
  final boolean isEnding() {
    return over || drained.isPresent();
  }

  /** Whether the last frame has been given, or is now. */
  final boolean isOver() {
    return over;
  }

  final void keepTicking() {
    if (!ticking && !over) {
      ticking = true;
      thread.add(this);
    }
  }

  final void stopTicking() {
    ticking = false;
    thread.remove(this);
  }

  private MediaException gone() {
    return new MediaException(MediaException.Fault.GONE, callId + ": the call is over");
  }

  @Override
  public final String toString() {
    return "audio of " + callId;
  }
}
