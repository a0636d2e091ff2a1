package org.rayo.media.audio;

/**
 * Hears the keys of a telephone in its sound (DTMF), each once, and tells where it began.
 *
 * <p>A key is a row's tone and a column's, together, for 30 ms at least. Taken are keys of 40 ms
 * and more, up to 1.5 % off their frequencies, the column's tone from 8 dB below to 4 dB above the
 * row's, from −36 dBFS to full scale, through G.711 and with noise 15 dB below them. Not taken are
 * tones of less than 23 ms, or 3.5 % off, and whatever has more than a ninth of its power in
 * anything but these two tones: speech, the tones of call progress, music unless it is of pure
 * sines that happen to be a key. A held key is one key; it is over when its tones are gone for 20
 * ms or so, so that 40 ms of silence part two.
 *
 * <p>A key is recognised within 50 ms of its beginning, when fed frames of 20 ms. One detector
 * listens to one voice; for one thread. Allocates nothing once made.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-Q.24">ITU-T Q.24</a>
 */
public final class DtmfDetector {
  private static final String KEYS = "123A456B789C*0#D";

  /** Between 23 ms, which is no key, and 40 ms, which is one. */
  private static final double SHORTEST_SECONDS = 0.0295;

  private static final double QUIETEST = Levels.meanSquareOf(-44);

  /** Gone for so many stretches of 5 ms, a key is released. */
  private static final int STRETCHES_UNTIL_RELEASED = 4;

  private final DtmfBands bands;
  private final DtmfTones tones;
  private final int shortest;
  private final short[] ring;
  private final int mask;
  private long fed;
  private int inStretch;
  private int held = DtmfBands.NO_KEY;
  private int without;
  private char digit = ' ';
  private long onset = -1;

  /**
   * @param sampleRateHz at least 4,000
   */
  public DtmfDetector(int sampleRateHz) {
    if (sampleRateHz < 4000) {
      throw new IllegalArgumentException("at least 4000 Hz, not " + sampleRateHz);
    }
    bands = new DtmfBands(sampleRateHz, QUIETEST);
    tones = new DtmfTones(sampleRateHz, QUIETEST);
    shortest = (int) (SHORTEST_SECONDS * sampleRateHz);
    ring = new short[Integer.highestOneBit(tones.reach()) * 2];
    mask = ring.length - 1;
  }

  /**
   * Listens to the next samples. To hear of every key, give at most 60 ms at once: no two keys are
   * recognised within these.
   *
   * @return whether a key has just been recognised: {@link #digit} and {@link #onset} are its
   */
  public boolean heard(short[] samples, int length) {
    boolean heard = false;
    for (int i = 0; i < length; i++) {
      ring[(int) fed & mask] = samples[i];
      fed++;
      if (++inStretch == bands.stretch()) {
        inStretch = 0;
        heard |= stretch();
      }
    }
    return heard;
  }

  /** The key recognised last: one of {@code 0-9 * # A-D}; a space before the first. */
  public char digit() {
    return digit;
  }

  /**
   * Where it began: how many samples had been fed before its first, to 5 ms; −1 before the first.
   */
  public long onset() {
    return onset;
  }

  private boolean stretch() {
    bands.add(ring, mask, fed - bands.stretch());
    if (held != DtmfBands.NO_KEY) {
      without = bands.holds(held) ? 0 : without + 1;
      if (without == STRETCHES_UNTIL_RELEASED) {
        held = DtmfBands.NO_KEY;
      }
    }
    int key = bands.candidate();
    if (key == DtmfBands.NO_KEY
        || key == held
        || !tones.found(ring, mask, fed, DtmfBands.rowHertz(key), DtmfBands.columnHertz(key))
        || tones.to() - tones.from() < shortest) {
      return false;
    }
    held = key;
    without = 0;
    bands.hold(key);
    digit = KEYS.charAt(key);
    onset = Math.max(0, tones.from());
    return true;
  }
}
