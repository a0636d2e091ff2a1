package org.rayo.media.recorder;

import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.Tones;

/**
 * Tells the caller again and again that a recording runs. Its time is what was captured. A beep
 * that is due while the one before has not been heard to its end is left out, so that they cannot
 * pile up behind something else that is played.
 *
 * <p>On the call's media thread; a frame in which nothing is due costs an addition.
 */
final class IntervalBeep {

  private final CallAudio audio;
  private final long interval;
  private final short[] beep;
  private final Runnable heard = this::heard;
  private long sinceDue;
  private boolean sounding;

  /**
   * @param interval in samples; {@link Long#MAX_VALUE} for none
   */
  IntervalBeep(CallAudio audio, long interval) {
    this.audio = audio;
    this.interval = interval;
    beep = interval == Long.MAX_VALUE ? new short[0] : Tones.beep(audio.sampleRateHz());
  }

  /** So much more was captured. */
  void captured(int samples) {
    sinceDue += samples;
    if (sinceDue >= interval) {
      sinceDue %= interval;
      if (!sounding) {
        sounding = true;
        audio.play(beep, heard);
      }
    }
  }

  /** Whether the caller hears it now or is about to. */
  boolean sounding() {
    return sounding;
  }

  private void heard() {
    sounding = false;
  }
}
