package org.rayo.media.audio;

/** Something that a {@link MediaThread} wakes every 20 ms. */
@FunctionalInterface
public interface Ticked {

  /**
   * The next 20 ms. Never blocks; allocates nothing.
   *
   * @param dueNanos when they begin, on the clock of {@link System#nanoTime}
   * @param lateNanos how late this is
   */
  void tick(long dueNanos, long lateNanos);
}
