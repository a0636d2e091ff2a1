package org.rayo.media.recorder;

import java.util.Optional;
import org.rayo.media.CapturedRecording.Cause;

/**
 * The two time-outs on silence. Their time is what was captured: it stands still while paused,
 * whatever a pause leaves in the file, and speech heard before a pause stays heard. It stands still
 * too while nothing can be told, because our own beep comes back louder than all else.
 *
 * <p>On the call's media thread; allocates nothing until a time-out.
 */
final class SilenceWatch {

  private final Limits limits;
  private final LegEar ear;
  private long time;
  private long lastSpeech = -1;
  private long speechEnd;

  SilenceWatch(Limits limits, int sampleRateHz) {
    this.limits = limits;
    ear = new LegEar(sampleRateHz);
  }

  /**
   * Listens to the next stretch.
   *
   * @param beeping our own beep may be in it
   * @param end samples in the file with this stretch
   */
  void listen(short[] samples, int count, boolean beeping, long end) {
    ear.listen(samples, count, beeping);
    time += count - ear.drowned();
    if (ear.heard()) {
      lastSpeech = Math.max(0, time - ear.sinceSpeech());
      speechEnd = end - ear.sinceSpeech();
    }
  }

  /** Lets time pass in which our own sound would be heard: it is no speech. */
  void passOver(int count) {
    time += count;
  }

  /** The one that has been reached, if any. */
  Optional<Cause> timeout() {
    if (lastSpeech < 0) {
      return time >= limits.initialSilence()
          ? Optional.of(Cause.INITIAL_TIMEOUT)
          : Optional.empty();
    }
    return time - lastSpeech >= limits.finalSilence()
        ? Optional.of(Cause.FINAL_TIMEOUT)
        : Optional.empty();
  }

  /** Samples captured since the time-out that has been reached: frames do not end with it. */
  long excess() {
    return lastSpeech < 0
        ? time - limits.initialSilence()
        : time - lastSpeech - limits.finalSilence();
  }

  /**
   * Samples in the file up to the end of the last 20 ms in which speech was heard; 0 before there
   * was any.
   */
  long speechEnd() {
    return speechEnd;
  }
}
