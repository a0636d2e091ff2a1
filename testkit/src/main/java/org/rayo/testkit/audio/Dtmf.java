package org.rayo.testkit.audio;

/**
 * The keys of a telephone as pairs of tones.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-Q.23/en">ITU-T Q.23</a>
 */
public final class Dtmf {

  /** The keys, in the order of their RFC 4733 event codes. */
  public static final String KEYS = "0123456789*#ABCD";

  private static final String ROWS = "123A456B789C*0#D";
  private static final double[] LOW_HZ = {697, 770, 852, 941};
  private static final double[] HIGH_HZ = {1209, 1336, 1477, 1633};

  private Dtmf() {}

  /** The lower of a key's tones. */
  public static double lowHz(char key) {
    return LOW_HZ[place(key) / 4];
  }

  /** The upper of a key's tones. */
  public static double highHz(char key) {
    return HIGH_HZ[place(key) % 4];
  }

  /**
   * A key as it sounds.
   *
   * @param dbfs the level of each of the two tones, at most -6
   */
  public static AudioSource key(char key, double dbfs, long millis) {
    if (dbfs > -6) {
      throw new IllegalArgumentException("two tones of " + dbfs + " dBFS do not fit");
    }
    AudioSource low = AudioSource.tone(lowHz(key), dbfs, millis);
    AudioSource high = AudioSource.tone(highHz(key), dbfs, millis);
    return AudioSource.of(low.samples(), index -> (short) (low.sample(index) + high.sample(index)));
  }

  /** The louder of a key's two tones in some audio, in dBFS. */
  public static double levelOf(char key, short[] pcm, int sampleRateHz) {
    return Math.max(
        ToneMeter.levelAt(pcm, sampleRateHz, lowHz(key)),
        ToneMeter.levelAt(pcm, sampleRateHz, highHz(key)));
  }

  private static int place(char key) {
    int place = ROWS.indexOf(key);
    if (place < 0) {
      throw new IllegalArgumentException("no key: " + key);
    }
    return place;
  }
}
