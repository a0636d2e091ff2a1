package org.rayo.media.recorder;

import java.util.Optional;
import java.util.Set;
import org.rayo.media.audio.DtmfDetector;

/**
 * The keys of the caller's that end a recording, told by signalling or heard in what the caller
 * says, and where in the file they begin. Listens while paused too, where the file may stand still:
 * so it remembers when that changed.
 *
 * <p>On the call's media thread; allocates nothing once made.
 */
final class StopKeys {

  /** More changes within the 50 ms in which a key is recognised there are not. */
  private static final int CHANGES = 16;

  private static final long NONE = Long.MAX_VALUE;

  /** What the detector's word for the beginning may be late by, in parts of a second. */
  private static final int UNSURE = 200;

  private final Set<Character> keys;
  private final Optional<DtmfDetector> detector;
  private final int unsureSamples;
  private final long[] heardAtChange = new long[CHANGES];
  private final long[] fileAtChange = new long[CHANGES];
  private int changes;
  private boolean inFile;
  private long heard;
  private long toldAt = NONE;
  private long position;

  StopKeys(Set<Character> keys, int sampleRateHz) {
    this.keys = keys;
    detector = keys.isEmpty() ? Optional.empty() : Optional.of(new DtmfDetector(sampleRateHz));
    unsureSamples = sampleRateHz / UNSURE;
  }

  /**
   * A key is told.
   *
   * @param offset samples into what comes next
   * @return whether it ends the recording now; if not, {@link #untilTold} may say when
   */
  boolean told(char digit, int offset) {
    if (!keys.contains(digit)) {
      return false;
    }
    toldAt = Math.min(toldAt, heard + offset);
    return offset <= 0;
  }

  /** Samples until the stop key begins that was told; without one, more than will ever come. */
  long untilTold() {
    return toldAt == NONE ? NONE : toldAt - heard;
  }

  /**
   * Listens to the next stretch, which does not reach beyond {@link #untilTold}.
   *
   * @param from samples in the file before this stretch
   * @param to samples in the file after it: as many more, or none
   * @return whether a stop key has begun: {@link #position} says where
   */
  boolean heard(short[] send, int count, long from, long to) {
    if (keys.isEmpty() || (count == 0 && toldAt == NONE)) {
      return false;
    }
    if (changes == 0 || inFile != to > from) {
      inFile = to > from;
      heardAtChange[changes % CHANGES] = heard;
      fileAtChange[changes % CHANGES] = from;
      changes++;
    }
    heard += count;
    DtmfDetector dtmf = detector.orElseThrow();
    if (dtmf.heard(send, count) && keys.contains(dtmf.digit())) {
      position = Math.max(0, positionAt(dtmf.onset()) - unsureSamples);
      return true;
    }
    position = to;
    return heard >= toldAt;
  }

  /** Samples in the file before the key. */
  long position() {
    return position;
  }

  private long positionAt(long when) {
    boolean moving = inFile;
    for (int i = changes - 1; i >= Math.max(0, changes - CHANGES); i--) {
      if (heardAtChange[i % CHANGES] <= when) {
        return fileAtChange[i % CHANGES] + (moving ? when - heardAtChange[i % CHANGES] : 0);
      }
      moving = !moving;
    }
    return fileAtChange[changes % CHANGES];
  }
}
