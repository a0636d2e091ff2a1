package org.rayo.media.audio;

import java.util.Arrays;

/** The quietest of the last 75 windows: of 1.5 s, for even a fast talker breathes more often. */
final class NoiseFloor {
  private static final int WINDOWS_PER_SLOT = 5;
  private static final int SLOTS = 15;

  private final double[] quietestOfSlot = new double[SLOTS];
  private int slot;
  private int windowsInSlot;

  NoiseFloor() {
    Arrays.fill(quietestOfSlot, Double.MAX_VALUE);
  }

  /** Takes the mean square of the next window and gives the floor, that window included. */
  double next(double meanSquare) {
    if (windowsInSlot == WINDOWS_PER_SLOT) {
      slot = (slot + 1) % SLOTS;
      quietestOfSlot[slot] = Double.MAX_VALUE;
      windowsInSlot = 0;
    }
    windowsInSlot++;
    quietestOfSlot[slot] = Math.min(quietestOfSlot[slot], meanSquare);
    double floor = Double.MAX_VALUE;
    for (double quietest : quietestOfSlot) {
      floor = Math.min(floor, quietest);
    }
    return floor;
  }
}
