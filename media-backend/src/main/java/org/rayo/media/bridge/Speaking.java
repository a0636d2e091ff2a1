package org.rayo.media.bridge;

import org.rayo.media.audio.EnergySpeechDetector;
import org.rayo.media.audio.SpeechDetector;

/**
 * Whether one participant speaks: from about 150 ms of speech on, until there has been none for 500
 * ms. Fed frames of 20 ms; allocates nothing.
 */
final class Speaking {

  private static final int MILLIS = 20;

  /** The detector has waited for 40 ms more before it hears anything. */
  private static final int BEGIN_MILLIS = 120;

  private static final int END_MILLIS = 500;

  private final SpeechDetector detector;
  private boolean speaks;
  private int speech;
  private int silence;

  Speaking(int sampleRateHz) {
    detector = new EnergySpeechDetector(sampleRateHz);
  }

  /** Whether it is so now. */
  boolean speaks() {
    return speaks;
  }

  /**
   * Listens to the next frame.
   *
   * @return whether it has changed
   */
  boolean changed(short[] samples, int length) {
    boolean heard = detector.heard(samples, length);
    if (speaks) {
      silence = heard ? 0 : silence + MILLIS;
      if (silence >= END_MILLIS) {
        stop();
        return true;
      }
      return false;
    }
    speech = heard ? speech + MILLIS : Math.max(0, speech - MILLIS);
    speaks = speech >= BEGIN_MILLIS;
    return speaks;
  }

  /** Does not speak any more. */
  void stop() {
    speaks = false;
    speech = 0;
    silence = 0;
  }
}
