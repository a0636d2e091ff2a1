package org.rayo.media.recorder;

import org.rayo.media.audio.CallAudio;

/**
 * Tells the caller again and again that a recording runs. Its time is what was captured. A beep
 * that is due while the one before has not been heard to its end is left out, so that they cannot
 * pile up behind something else that is played. A beep may come back from the caller, as late as
 * the way there and back takes.
 *
 * <p>On the call's media thread; a frame in which nothing is due costs an addition.
 */
final class IntervalBeep {

  /** Both ways through a mobile network, with its buffers. */
  private static final int ECHO_MILLIS = 500;

  private final CallAudio audio;
  private final long interval;
  private final Runnable heard = this::heard;
  private long sinceDue;
  private final long longestEcho;
  private long echoLeft;
  private boolean sounding;

  /**
   * @param interval in samples; {@link Long#MAX_VALUE} for none
   */
  IntervalBeep(CallAudio audio, long interval) {
    this.audio = audio;
    this.interval = interval;
    longestEcho = (long) audio.sampleRateHz() * ECHO_MILLIS / 1000;
  }

  /** So much more was captured. */
  void captured(int samples) {
    echoLeft -= Math.min(echoLeft, samples);
    sinceDue += samples;
    if (sinceDue >= interval) {
      sinceDue %= interval;
      if (!sounding) {
        sounding = true;
        audio.beep(heard);
      }
    }
  }

  /** Whether the caller hears it now or is about to. */
  boolean sounding() {
    return sounding;
  }

  /** Whether one may be in what the caller says. */
  boolean echoing() {
    return sounding || echoLeft > 0;
  }

  /** One has been heard to its end: of these, or the one before capture. */
  void heard() {
    sounding = false;
    echoLeft = longestEcho;
  }
}
