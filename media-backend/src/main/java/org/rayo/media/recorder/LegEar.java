package org.rayo.media.recorder;

import org.rayo.media.audio.BeepFilter;
import org.rayo.media.audio.EnergySpeechDetector;
import org.rayo.media.audio.SpeechDetector;

/**
 * Hears speech in one leg of a call, and not our own beep in it. On the call's media thread;
 * allocates nothing.
 */
final class LegEar {

  private static final int CHUNK = 480;

  private final SpeechDetector detector;
  private final BeepFilter beep;
  private final short[] rest = new short[CHUNK];
  private boolean heard;
  private long sinceSpeech;
  private int drowned;

  LegEar(int sampleRateHz) {
    detector = new EnergySpeechDetector(sampleRateHz);
    beep = new BeepFilter(sampleRateHz);
  }

  /**
   * Listens to the next stretch.
   *
   * @param beeping our own beep may be in it
   */
  void listen(short[] samples, int count, boolean beeping) {
    heard = false;
    drowned = 0;
    if (!beeping) {
      hear(samples, count);
      return;
    }
    for (int at = 0; at < count; at += CHUNK) {
      int part = Math.min(CHUNK, count - at);
      if (beep.filter(samples, at, part, rest)) {
        drowned += part;
        sinceSpeech += part;
      } else {
        hear(rest, part);
      }
    }
  }

  private void hear(short[] samples, int count) {
    sinceSpeech += count;
    if (detector.heard(samples, count)) {
      heard = true;
      sinceSpeech = detector.sinceSpeech();
    }
  }

  /** Whether speech was heard in the last stretch. */
  boolean heard() {
    return heard;
  }

  /** Samples since then, to the end of that stretch; told only after {@link #heard} was true. */
  long sinceSpeech() {
    return sinceSpeech;
  }

  /** Samples of the last stretch in which our beep was too loud to tell what else there was. */
  int drowned() {
    return drowned;
  }
}
