package org.rayo.media.detect;

/**
 * Makes turns of speech out of stretches: one begins after 120 ms of speech, and ends when there
 * has been none for 700 ms. Fed stretches of 20 ms; allocates nothing.
 */
final class SpeechTurns {
  private static final int MILLIS = 20;
  private static final int BEGIN_MILLIS = 120;
  private static final int END_MILLIS = 700;

  enum Change {
    NONE,
    BEGUN,
    ENDED
  }

  private boolean speaking;
  private int speech;
  private int sinceSpeech;
  private long sinceBegin;

  /**
   * The next 20 ms.
   *
   * @param isSpeech whether there is speech in them
   */
  Change next(boolean isSpeech) {
    sinceBegin += MILLIS;
    sinceSpeech = isSpeech ? 0 : sinceSpeech + MILLIS;
    if (speaking) {
      if (sinceSpeech < END_MILLIS) {
        return Change.NONE;
      }
      speaking = false;
      speech = 0;
      return Change.ENDED;
    }
    speech = isSpeech ? speech + MILLIS : Math.max(0, speech - MILLIS);
    if (speech < BEGIN_MILLIS) {
      return Change.NONE;
    }
    speaking = true;
    sinceBegin = speech;
    return Change.BEGUN;
  }

  /** What seemed to be the beginning of speech was something else. */
  void notSpeech() {
    speech = 0;
  }

  /** How long the turn has lasted, up to its last speech. */
  long millis() {
    return sinceBegin - sinceSpeech;
  }
}
