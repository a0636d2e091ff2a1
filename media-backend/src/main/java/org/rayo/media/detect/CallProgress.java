package org.rayo.media.detect;

import org.rayo.media.audio.Levels;

/**
 * Hears ring-back and busy tones by their frequencies and their rhythm.
 *
 * <p>Ring-back is a burst of 0.75 to 2.6 s of 425 Hz or of 440 and 480 Hz, or two of 0.4 s with 0.2
 * s between them of 400 and 450 Hz (United Kingdom), and then quiet. Busy is three bursts of 0.2 to
 * 0.78 s of 480 and 620, of 425 or of 400 Hz, as long as the pauses between them. Each is told once
 * until it has stopped for longer than its pauses last. Bursts of speech cost a rhythm its place.
 * Fed stretches of 20 ms; allocates nothing once made.
 */
final class CallProgress {
  enum Heard {
    NOTHING,
    RING,
    BUSY
  }

  private static final double PART = 0.85;
  private static final double QUIETEST = Levels.meanSquareOf(-45);
  private static final double QUIETER = Math.pow(10, -1.2);
  private static final int MILLIS = 20;

  /** Windows that are partly tone, at one edge of a burst; one more for luck. */
  private static final int EDGE = 4;

  private static final int NO_MORE_RING_MILLIS = 7000;
  private static final int NO_MORE_BUSY_MILLIS = 2000;
  private static final int QUIET_MILLIS = 100;
  private static final int QUIET_AFTER_TWO_MILLIS = 400;

  private final int block;
  private final double[] window;
  private final ToneBasis[] low;
  private final ToneBasis high;

  private double loudness;
  private boolean inBurst;
  private boolean ringing;
  private boolean busy;
  private int lows;
  private int highs;
  private int others;
  private int sinceTone = NO_MORE_RING_MILLIS;
  private boolean burstJudged;
  private boolean judged = true;
  private int bursts;
  private int burst;
  private int lastBurst;
  private int gap;
  private int rhythm;
  private int duration;

  CallProgress(int sampleRateHz) {
    block = sampleRateHz / 50;
    window = new double[2 * block];
    low =
        new ToneBasis[] {
          new ToneBasis(sampleRateHz, 2 * block, 425),
          new ToneBasis(sampleRateHz, 2 * block, 400),
          new ToneBasis(sampleRateHz, 2 * block, 440, 480),
          new ToneBasis(sampleRateHz, 2 * block, 400, 450)
        };
    high = new ToneBasis(sampleRateHz, 2 * block, 480, 620);
  }

  /** Listens to the next 20 ms. */
  Heard heard(short[] samples) {
    System.arraycopy(window, block, window, 0, block);
    double squares = 0;
    for (int i = 0; i < block; i++) {
      window[block + i] = samples[i];
    }
    for (double sample : window) {
      squares += sample * sample;
    }
    double loud = squares / window.length;
    sinceTone = Math.min(sinceTone + MILLIS, Integer.MAX_VALUE / 2);
    if (loud >= QUIETEST && highPart(squares)) {
      return tone(loud, true);
    }
    if (loud >= QUIETEST && lowPart(squares)) {
      return tone(loud, false);
    }
    if (loud <= Math.max(loudness * QUIETER, QUIETEST / 10)) {
      return quiet();
    }
    other();
    return Heard.NOTHING;
  }

  /** How long what was told has lasted: a ring-back's burst, or a busy tone from its beginning. */
  int durationMillis() {
    return duration;
  }

  /** Whether the last 40 ms are one of these tones. */
  boolean isTone() {
    return inBurst && sinceTone == 0;
  }

  private boolean highPart(double squares) {
    return high.energy(window) >= PART * squares;
  }

  private boolean lowPart(double squares) {
    for (ToneBasis basis : low) {
      if (basis.energy(window) >= PART * squares) {
        return true;
      }
    }
    return false;
  }

  private Heard tone(double loud, boolean isHigh) {
    if (!inBurst) {
      inBurst = true;
      lastBurst = bursts > 0 ? burst : 0;
      // Both windows are all tone, 40 ms apart at their nearest.
      gap = sinceTone - 2 * MILLIS;
      burst = MILLIS;
      lows = 0;
      highs = 0;
      judged = false;
      burstJudged = false;
    } else {
      burst += sinceTone; // with what was unsure in between
    }
    lows += isHigh ? 0 : 1;
    highs += isHigh ? 1 : 0;
    others = 0;
    loudness = loud;
    sinceTone = 0;
    return Heard.NOTHING;
  }

  private void other() {
    others++;
    if (others > EDGE) {
      inBurst = false;
      bursts = 0;
      judged = true;
    }
  }

  private Heard quiet() {
    others = 0;
    forget();
    if (inBurst) {
      inBurst = false;
      burst += MILLIS;
      bursts++;
      return Heard.NOTHING;
    }
    if (judged || bursts == 0) {
      return Heard.NOTHING;
    }
    if (sinceTone >= QUIET_MILLIS && !burstJudged) {
      burstJudged = true;
      return afterBurst();
    }
    return sinceTone >= QUIET_AFTER_TWO_MILLIS ? afterTwo() : Heard.NOTHING;
  }

  private void forget() {
    if (sinceTone > NO_MORE_RING_MILLIS) {
      ringing = false;
    }
    if (sinceTone > NO_MORE_BUSY_MILLIS) {
      busy = false;
      loudness = 0;
    }
  }

  private Heard afterBurst() {
    boolean isLow = lows > 9 * highs;
    boolean isHigh = highs > 9 * lows;
    boolean first = bursts == 1;
    if (isBetween(burst, 200, 780) && (isLow || isHigh)) {
      boolean follows =
          !first
              && isBetween(gap, 180, 780)
              && Math.abs(burst - lastBurst) <= 80
              && Math.abs(burst - gap) <= 150;
      rhythm = follows ? rhythm + 1 : 1;
      duration = rhythm == 1 ? burst : duration + gap + burst;
      if (rhythm >= 3 && !busy) {
        judged = true;
        busy = true;
        return Heard.BUSY;
      }
      return Heard.NOTHING;
    }
    rhythm = 0;
    judged = true;
    return isLow && isBetween(burst, 780, 2600) ? ring(burst) : Heard.NOTHING;
  }

  private Heard afterTwo() {
    judged = true;
    boolean two =
        bursts >= 2
            && lows > 9 * highs
            && isBetween(burst, 320, 480)
            && isBetween(lastBurst, 320, 480)
            && isBetween(gap, 130, 270)
            && rhythm <= 2;
    return two ? ring(lastBurst + gap + burst) : Heard.NOTHING;
  }

  private Heard ring(int millis) {
    if (ringing) {
      return Heard.NOTHING;
    }
    ringing = true;
    duration = millis;
    return Heard.RING;
  }

  private static boolean isBetween(int millis, int from, int to) {
    return millis >= from && millis <= to;
  }
}
