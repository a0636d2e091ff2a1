package org.rayo.media.recorder;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The samples between a media thread, which alone writes, and an encoder thread, which alone reads.
 * Neither waits for the other, and nothing is allocated. Holds plain samples: what a frame was is
 * of no interest behind it.
 */
final class SampleRing {

  private final short[] samples;
  private final int mask;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong read = new AtomicLong();

  SampleRing(int atLeast) {
    samples = new short[Integer.highestOneBit(Math.max(2, atLeast) - 1) << 1];
    mask = samples.length - 1;
  }

  int capacity() {
    return samples.length;
  }

  /** Samples inside; exact for the reader, at least so many for the writer's next call. */
  int size() {
    return (int) (written.get() - read.get());
  }

  /** Takes all of them or, when they do not fit, none. For the media thread. */
  boolean write(short[] from, int count) {
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

  /** Moves up to {@code to.length} samples, and says how many. For the encoder thread. */
  int read(short[] to) {
    long start = read.getPlain();
    int count = (int) Math.min(to.length, written.getAcquire() - start);
    int at = (int) start & mask;
    int first = Math.min(count, samples.length - at);
    System.arraycopy(samples, at, to, 0, first);
    System.arraycopy(samples, 0, to, first, count - first);
    read.setRelease(start + count);
    return count;
  }
}
