package org.rayo.media.audio;

/** Puts voices into one frame. Allocates nothing. */
public final class Mixing {

  private Mixing() {}

  /** Their sum; what is too loud is clipped, never wrapped. */
  public static short add(short a, short b) {
    return clip(a + b);
  }

  /** The sample nearest to a sum that may be too loud. */
  public static short clip(int sum) {
    return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sum));
  }

  /** Adds two stretches, sample by sample, into the start of {@code to}. */
  public static void add(short[] a, short[] b, int offset, int length, short[] to) {
    for (int i = 0; i < length; i++) {
      to[i] = add(a[offset + i], b[offset + i]);
    }
  }

  /** Interleaves two stretches, {@code left} first, into the start of {@code to}. */
  public static void interleave(short[] left, short[] right, int offset, int length, short[] to) {
    for (int i = 0, at = 0; i < length; i++) {
      to[at++] = left[offset + i];
      to[at++] = right[offset + i];
    }
  }
}
