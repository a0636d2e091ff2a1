package org.rayo.media.audio;

import java.util.Arrays;

/**
 * Calls speech what is clearly louder than the line.
 *
 * <p>The loudness of each 20 ms is compared with the noise floor: the quietest 20 ms of the last
 * 1.5 s, for even a fast talker breathes more often than that. Speech is 9 dB above the floor and
 * never below −50 dBFS. The floor counts for −40 dBFS at most: nothing that loud is a line's noise,
 * so that a steady tone or a talker without a pause is heard too. Speech begins with three such
 * stretches in a row (a click is shorter) and may dip for 200 ms before it has to begin again.
 */
public final class EnergySpeechDetector implements SpeechDetector {

  private static final int WINDOW_MILLIS = 20;
  private static final double ABOVE_FLOOR = Math.pow(10, 0.9);
  private static final double QUIETEST_SPEECH = Levels.meanSquareOf(-50);
  private static final double LOUDEST_FLOOR = Levels.meanSquareOf(-40);
  private static final int WINDOWS_PER_SLOT = 5;
  private static final int SLOTS = 15;
  private static final int ONSET_WINDOWS = 3;
  private static final int HANGOVER_WINDOWS = 10;

  private final int windowSamples;
  private final double[] quietestOfSlot = new double[SLOTS];
  private long sum;
  private long squares;
  private int collected;
  private int slot;
  private int windowsInSlot;
  private int loudInARow;
  private int untilOnsetAgain;

  public EnergySpeechDetector(int sampleRateHz) {
    windowSamples = sampleRateHz * WINDOW_MILLIS / 1000;
    Arrays.fill(quietestOfSlot, Double.MAX_VALUE);
  }

  @Override
  public boolean heard(short[] samples, int length) {
    boolean heard = false;
    for (int i = 0; i < length; i++) {
      int value = samples[i];
      sum += value;
      squares += (long) value * value;
      if (++collected == windowSamples) {
        heard |= window(energy());
        sum = 0;
        squares = 0;
        collected = 0;
      }
    }
    return heard;
  }

  private double energy() {
    double mean = (double) sum / windowSamples;
    return Math.max(0, (double) squares / windowSamples - mean * mean);
  }

  private boolean window(double energy) {
    double floor = Math.min(LOUDEST_FLOOR, lowerFloor(energy));
    boolean loud = energy >= QUIETEST_SPEECH && energy >= floor * ABOVE_FLOOR;
    loudInARow = loud ? loudInARow + 1 : 0;
    if (loud && (untilOnsetAgain > 0 || loudInARow >= ONSET_WINDOWS)) {
      untilOnsetAgain = HANGOVER_WINDOWS;
      return true;
    }
    untilOnsetAgain = Math.max(0, untilOnsetAgain - 1);
    return false;
  }

  private double lowerFloor(double energy) {
    if (windowsInSlot == WINDOWS_PER_SLOT) {
      slot = (slot + 1) % SLOTS;
      quietestOfSlot[slot] = Double.MAX_VALUE;
      windowsInSlot = 0;
    }
    windowsInSlot++;
    quietestOfSlot[slot] = Math.min(quietestOfSlot[slot], energy);
    double floor = Double.MAX_VALUE;
    for (double quietest : quietestOfSlot) {
      floor = Math.min(floor, quietest);
    }
    return floor;
  }
}
