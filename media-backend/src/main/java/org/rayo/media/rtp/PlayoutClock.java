package org.rayo.media.rtp;

import java.util.Arrays;

/**
 * Slaves the playout of a stream to its sender's clock.
 *
 * <p>The local clock counts 160 samples a tick. A packet's <em>transit</em> is the position of its
 * last sample less the local clock at its arrival: it moves with the difference of the two clocks
 * and is less for a packet that was delayed. The highest transit of the last 8 s therefore shows
 * the sender's clock alone, whatever the jitter. The head of the buffer is kept at a constant delay
 * behind it, by frames that take a sample more or less of what was sent: nothing is inserted,
 * nothing left out.
 *
 * <p>The delay is what the first packets happened to get. It grows, up to a limit, when packets
 * would come late, and shrinks only when the path itself has changed.
 *
 * <p>While no packets come nobody knows the sender's clock. The head then falls behind on purpose,
 * by more than a slow clock could: what the sender says next is never late, and what is owed is
 * taken from the silence before it. So a stop costs no speech and no time, unless it lasts for more
 * than an hour: then the head falls no farther behind, and a sender slow enough is heard with a
 * pause that is too long by what its clock lost since.
 *
 * <p>A sender is followed within limits: one whose timestamps run at another speed than any clock's
 * would, or whose packets come in bursts, would else make a recording longer, or shorter, than the
 * call.
 */
final class PlayoutClock {
  /** Samples of a tick. */
  static final int FRAME = 160;

  /** Samples of the longest frame. */
  static final int MAX_FRAME = 2 * FRAME;

  private static final int MIN_FRAME = 40;

  /** How long before its time a packet should be there: the loop itself has some jitter. */
  private static final int GUARD = 80;

  private static final int BUCKETS = 8;
  private static final int BUCKET_SAMPLES = 8000;
  private static final int CALIBRATION_PACKETS = 100;
  private static final int PATH_CHANGE = 80;

  /** A sample in half a second: 250 ppm, while telephones are good for 100. */
  private static final int TICKS_PER_OWED_SAMPLE = 25;

  /** One second, an hour's. */
  private static final int MAX_OWED = 8000;

  /**
   * How far the head may be ahead of the local clock: 100 ms, and 0.1 % of the time. It may be
   * behind by the delay that it may choose, and as much of the time.
   */
  private static final int MAX_AHEAD = 800;

  private static final int SAMPLES_PER_LEAD = 1000;

  static final long NANOS_PER_SAMPLE = 125_000;
  private static final long UNKNOWN = Long.MIN_VALUE / 4;

  private final int startDelay;
  private final int maxJitter;
  private final long[] highestEnd = new long[BUCKETS];
  private final long[] lowestStart = new long[BUCKETS];
  private int bucket;
  private long bucketUntil;
  private long fastest = UNKNOWN;
  private long slowest = -UNKNOWN;
  private long ticks;
  private long tickNanos;
  private long lead;
  private long delay;
  private long calibratedDelay;
  private long longestPacket;
  private int idleTicks;
  private int owed;
  private int calibrating;
  private double meanTransit;

  /**
   * @param jitterTarget samples that a packet may be later than the first one
   * @param maxJitter samples to which this may grow
   */
  PlayoutClock(int jitterTarget, int maxJitter) {
    // A frame is taken at once, so its last sample is needed up to 20 ms early.
    startDelay = jitterTarget + FRAME;
    this.maxJitter = maxJitter + FRAME;
    delay = (long) startDelay + FRAME;
    forget();
  }

  /**
   * The local clock at {@code nanos}, in samples; never much more than a tick past the last tick.
   */
  long at(long nanos) {
    long since = (nanos - tickNanos) / NANOS_PER_SAMPLE;
    return ticks * FRAME + Math.max(0, Math.min(FRAME + FRAME / 4, since));
  }

  /** Where the head would be at {@code nanos} if it moved sample by sample. */
  long headAt(long nanos) {
    return at(nanos) + lead;
  }

  /** Where the first packet of a stream that nothing is known of begins. */
  long startFor(long nanos) {
    return headAt(nanos) + startDelay;
  }

  /** Where a packet of the stream that comes at {@code nanos} is likely to end. */
  long endFor(long nanos) {
    return at(nanos) + Math.round(meanTransit);
  }

  /** Transit has been measured. */
  boolean knowsTransit() {
    return fastest != UNKNOWN;
  }

  /** How far the position of {@code end} is ahead of the fastest packet's at {@code nanos}. */
  long ahead(long end, long nanos) {
    return knowsTransit() ? end - at(nanos) - fastest : 0;
  }

  /**
   * How far the head is behind the sender, network included: what is taken now came so long ago.
   */
  long delay() {
    return knowsTransit() ? Math.max(0, fastest - lead) : (long) startDelay + FRAME;
  }

  /** The stream begins anew: what is measured next is not compared with what was before. */
  void forget() {
    Arrays.fill(highestEnd, UNKNOWN);
    Arrays.fill(lowestStart, -UNKNOWN);
    fastest = UNKNOWN;
    slowest = -UNKNOWN;
    bucketUntil = Long.MIN_VALUE;
    calibrating = CALIBRATION_PACKETS;
  }

  /** By how many samples one that begins at {@code start} is too late to be heard. */
  long late(long start, long nanos) {
    return headAt(nanos) - start;
  }

  /**
   * The first packet after a stop: what was measured before it says nothing any more, but the delay
   * that the path needed stays.
   *
   * @return samples by which it is too late to be followed by others that were slower
   */
  long resumed(long start, long nanos) {
    forget();
    calibrating = 0;
    long early = start - headAt(nanos);
    return early < GUARD ? delay - longestPacket - early : 0;
  }

  /** A packet with the samples from {@code start} to before {@code end} came at {@code nanos}. */
  void arrived(long start, long end, long nanos) {
    if (nanos - tickNanos > (FRAME + FRAME / 4) * NANOS_PER_SAMPLE) {
      // The loop itself is behind: this says nothing of the network.
      return;
    }
    long now = at(nanos);
    long transit = end - now;
    boolean first = !knowsTransit();
    turnBuckets(now);
    longestPacket = Math.max(longestPacket, end - start);
    meanTransit = first ? transit : meanTransit + (transit - meanTransit) / 32;
    highestEnd[bucket] = Math.max(highestEnd[bucket], transit);
    fastest = Math.max(fastest, transit);
    if (GUARD + fastest - (start - now) <= limit()) {
      // One that was later than any delay could allow for says nothing of the delay to choose.
      lowestStart[bucket] = Math.min(lowestStart[bucket], start - now);
      slowest = Math.min(slowest, start - now);
    }
    if (calibrating > 0) {
      calibrating--;
      delay = Math.min(fastest - lead, limit());
      calibratedDelay = delay;
    }
    delay = Math.max(delay, needed());
  }

  private long limit() {
    return maxJitter + longestPacket;
  }

  private long needed() {
    return slowest == -UNKNOWN ? 0 : Math.min(GUARD + fastest - slowest, limit());
  }

  private void turnBuckets(long now) {
    if (bucketUntil == Long.MIN_VALUE) {
      bucketUntil = now + BUCKET_SAMPLES;
    }
    if (now < bucketUntil) {
      return;
    }
    bucketUntil = now + BUCKET_SAMPLES;
    bucket = (bucket + 1) % BUCKETS;
    highestEnd[bucket] = UNKNOWN;
    lowestStart[bucket] = -UNKNOWN;
    long before = fastest;
    fastest = UNKNOWN;
    slowest = -UNKNOWN;
    for (int i = 0; i < BUCKETS; i++) {
      fastest = Math.max(fastest, highestEnd[i]);
      slowest = Math.min(slowest, lowestStart[i]);
    }
    if (before - fastest > PATH_CHANGE) {
      delay = Math.max(calibratedDelay, Math.min(delay, needed()));
    }
  }

  /**
   * The tick that was due at {@code dueNanos}.
   *
   * @param flowing packets are coming; otherwise the local clock alone decides
   * @return samples to take: {@link #FRAME}, or as many more or fewer as bring the head where the
   *     sender's clock wants it
   */
  int tick(long dueNanos, boolean flowing) {
    int length = FRAME;
    if (flowing && knowsTransit()) {
      length += correction(fastest - delay - lead);
      owed = 0;
    } else if (!flowing) {
      length -= owing();
    }
    long drift = ticks * FRAME / SAMPLES_PER_LEAD;
    long next = lead + length - FRAME;
    if (next > Math.max(lead, MAX_AHEAD + drift) || next < Math.min(lead, -(maxJitter + drift))) {
      length = FRAME;
    }
    lead += length - FRAME;
    ticks++;
    tickNanos = dueNanos;
    return length;
  }

  /** Whether the head falls behind by a sample in this tick, because no packets come. */
  private int owing() {
    idleTicks = (idleTicks + 1) % TICKS_PER_OWED_SAMPLE;
    if (idleTicks > 0 || owed == MAX_OWED || !knowsTransit()) {
      return 0;
    }
    owed++;
    return 1;
  }

  /** Samples by which the head is behind because no packets come. */
  int owed() {
    return owed;
  }

  /** So many were taken in addition. */
  void pay(int count) {
    owed = Math.max(0, owed - count);
  }

  /** A sample at a time for drift, more when much is to be made up. */
  private static int correction(long behind) {
    long step = behind / 4;
    if (step == 0) {
      step = Long.signum(behind);
    }
    return (int) Math.max(MIN_FRAME - FRAME, Math.min(MAX_FRAME - FRAME, step));
  }
}
