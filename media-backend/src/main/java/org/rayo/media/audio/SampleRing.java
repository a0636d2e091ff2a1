package org.rayo.media.audio;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Samples between two threads, of which one alone writes and the other alone reads. Neither waits
 * for the other, and nothing is allocated. Holds plain samples: what a frame was is of no interest
 * behind it.
 */
public final class SampleRing {

  private final short[] samples;
  private final int mask;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong read = new AtomicLong();

  /**
   * @param atLeast samples that it must hold; rounded up to a power of two
   */
  public SampleRing(int atLeast) {
    samples = new short[Integer.highestOneBit(Math.max(2, atLeast) - 1) << 1];
    mask = samples.length - 1;
  }

  /** Samples that it holds at most. */
  public int capacity() {
    return samples.length;
  }

  /** Samples inside; at least so many for the reader, at most so many for the writer. */
  public int size() {
    return (int) (written.get() - read.get());
  }

  /** Takes all of them or, when they do not fit, none. For the writer. */
  public boolean write(short[] from, int count) {
    long end = written.getPlain();
    if (samples.length - (end - read.getAcquire()) < count) {
      return false;
    }
    int at = (int) end & mask;
    int first = Math.min(count, samples.length - at);
    System.arraycopy(from, 0, samples, at, first);
    System.arraycopy(from, first, samples, 0, count - first);
    written.setRelease(end + count);
    return true;
  }

  /** Moves up to {@code to.length} samples, and says how many. For the reader. */
  public int read(short[] to) {
    return read(to, to.length);
  }

  /** Moves up to {@code most} samples, and says how many. For the reader. */
  public int read(short[] to, int most) {
    long start = read.getPlain();
    int count = (int) Math.min(most, written.getAcquire() - start);
    int at = (int) start & mask;
    int first = Math.min(count, samples.length - at);
    System.arraycopy(samples, at, to, 0, first);
    System.arraycopy(samples, 0, to, first, count - first);
    read.setRelease(start + count);
    return count;
  }

  /** Leaves out so many of the oldest, which must be inside. For the reader. */
  public void skip(int count) {
    read.setRelease(read.getPlain() + count);
  }
}
