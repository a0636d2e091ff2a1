package org.rayo.media.recorder;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rayo.media.audio.SampleRing;

/**
 * What passes from the media thread to the encoder: the samples, and once the reason for which no
 * more will come.
 */
final class Capture {

  private final SampleRing ring;
  private final int wakeAt;
  private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
  private final AtomicLong framesDropped;
  private final Runnable wakeEncoder;

  /**
   * @param framesDropped of all recordings
   * @param wakeEncoder never blocks
   */
  Capture(int ringSamples, AtomicLong framesDropped, Runnable wakeEncoder) {
    ring = new SampleRing(ringSamples);
    wakeAt = ring.capacity() / 2;
    this.framesDropped = framesDropped;
    this.wakeEncoder = wakeEncoder;
  }

  /** Media thread: hands on samples, all channels counted; false when there was no room. */
  boolean write(short[] samples, int count) {
    if (!ring.write(samples, count)) {
      framesDropped.incrementAndGet();
      return false;
    }
    if (ring.size() > wakeAt) {
      wakeEncoder.run();
    }
    return true;
  }

  /** Ends it, unless it has ended; samples written before are still read. */
  boolean end(Outcome reason) {
    boolean first = outcome.compareAndSet(null, reason);
    if (first) {
      wakeEncoder.run();
    }
    return first;
  }

  /** Encoder thread: asked before the last {@link #read}, so that nothing is left behind. */
  Optional<Outcome> outcome() {
    return Optional.ofNullable(outcome.get());
  }

  int read(short[] to) {
    return ring.read(to);
  }

  int buffered() {
    return ring.size();
  }
}
