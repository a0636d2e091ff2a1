package org.rayo.media.detect;

import org.rayo.media.audio.Levels;

/**
 * Hears the beep of an answering machine: one sine of 460 to 2,110 Hz that begins suddenly, keeps
 * its frequency and its loudness for 120 ms to 2.4 s, and is followed by 100 ms that are 12 dB
 * quieter at least.
 *
 * <p>Lower ones could be ring-back or busy tones, longer ones are fax machines, and one that
 * directly follows another tone belongs to an announcement (SIT). A short tone of 1,100 Hz may
 * still be a calling fax machine. What is going out to the other side at the same frequency is
 * taken for its echo. Fed stretches of 20 ms; allocates nothing once made.
 */
final class BeepDetector {
  private static final double LOWEST_HZ = 460;
  private static final double HIGHEST_HZ = 2110;
  private static final double PURE = 0.88;
  private static final double QUIETEST = Levels.meanSquareOf(-45);
  private static final double QUIETER = Math.pow(10, -1.2);
  private static final double LOUDNESS_CHANGE = Math.pow(10, 0.25);
  private static final double STABLE_HZ = 8;
  private static final double STABLE_PART = 0.01;
  private static final int LONGEST_BLOCKS = 120;
  private static final int SHORTEST_BLOCKS = 5;
  private static final int QUIET_BLOCKS = 5;

  /** A block at each end is partly tone. */
  private static final int EDGE_BLOCKS = 2;

  /** So long a beep may take to fade. */
  private static final int FADING_BLOCKS = 7;

  /** An echo may come so much later, in blocks: 600 ms. */
  private static final int ECHO_BLOCKS = 30;

  private final ToneMeter meter;
  private final ToneMeter out;
  private final int blockSamples;
  private final double[] outHertz = new double[ECHO_BLOCKS];
  private int outNext;

  private double before;
  private double twoBefore;
  private int sinceTone = EDGE_BLOCKS + 1;
  private int blocks;
  private double hertzSum;
  private double loudnessSum;
  private double edges;
  private boolean spoilt;
  private boolean ended;
  private int sinceEnd;
  private int quiet;
  private double duration;

  BeepDetector(int sampleRateHz) {
    meter = new ToneMeter(sampleRateHz);
    out = new ToneMeter(sampleRateHz);
    blockSamples = sampleRateHz / 50;
  }

  /**
   * Listens to the next 20 ms.
   *
   * @param recv what went to the other side meanwhile
   * @return whether a beep has ended: {@link #durationSamples} is its length
   */
  boolean heard(short[] send, short[] recv) {
    out.measure(recv, blockSamples);
    outHertz[outNext] = out.purity() >= PURE / 2 ? out.hertz() : 0;
    outNext = (outNext + 1) % ECHO_BLOCKS;
    meter.measure(send, blockSamples);
    double loud = meter.meanSquare();
    boolean pure = meter.purity() >= PURE && loud >= QUIETEST;
    boolean heard = false;
    if (pure && !fades(loud)) {
      tone(loud);
    } else {
      heard = blocks > 0 && after(loud);
      sinceTone++;
    }
    twoBefore = before;
    before = loud;
    return heard;
  }

  /** The length of the last beep, to a few milliseconds. */
  long durationSamples() {
    return Math.round(duration * blockSamples);
  }

  private void tone(double loud) {
    if (blocks > 0 && !ended && belongs(loud)) {
      add(loud);
    } else {
      boolean follows = sinceTone <= EDGE_BLOCKS;
      blocks = 0;
      hertzSum = 0;
      loudnessSum = 0;
      ended = false;
      edges = Math.min(1, before / loud);
      spoilt = follows || twoBefore > loud * QUIETER;
      add(loud);
    }
    sinceTone = 0;
  }

  /** Where packets end, as with a sender that leaves silence out, what conceals that fades. */
  private boolean fades(double loud) {
    return blocks > 0
        && Math.abs(meter.hertz() - hertzSum / blocks) <= 2 * STABLE_HZ
        && loud <= loudnessSum / blocks / LOUDNESS_CHANGE;
  }

  private boolean belongs(double loud) {
    double hertz = hertzSum / blocks;
    double loudness = loudnessSum / blocks;
    return Math.abs(meter.hertz() - hertz) <= Math.max(STABLE_HZ, hertz * STABLE_PART)
        && loud < loudness * LOUDNESS_CHANGE
        && loud > loudness / LOUDNESS_CHANGE;
  }

  private void add(double loud) {
    blocks++;
    hertzSum += meter.hertz();
    loudnessSum += loud;
  }

  private boolean after(double loud) {
    double loudness = loudnessSum / blocks;
    if (!ended) {
      ended = true;
      sinceEnd = 0;
      quiet = 0;
      edges += Math.min(1, loud / loudness);
    }
    sinceEnd++;
    quiet = loud <= loudness * QUIETER ? quiet + 1 : 0;
    if (sinceEnd > QUIET_BLOCKS + FADING_BLOCKS || (quiet == 0 && sinceEnd > FADING_BLOCKS)) {
      blocks = 0;
      return false;
    }
    if (quiet < QUIET_BLOCKS) {
      return false;
    }
    boolean beep = isBeep();
    duration = blocks + edges;
    blocks = 0;
    return beep;
  }

  private boolean isBeep() {
    double hertz = hertzSum / blocks;
    return !spoilt
        && hertz >= LOWEST_HZ
        && hertz <= HIGHEST_HZ
        && blocks >= SHORTEST_BLOCKS
        && blocks <= LONGEST_BLOCKS
        && !wasSent(hertz);
  }

  private boolean wasSent(double hertz) {
    for (double sent : outHertz) {
      if (Math.abs(sent - hertz) <= 2 * STABLE_HZ) {
        return true;
      }
    }
    return false;
  }
}
