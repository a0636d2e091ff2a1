package org.rayo.testkit.phone;

/**
 * What the RTP of one call amounted to.
 *
 * @param sent packets that went out, repeated ones counted
 * @param dropped packets that the impairment kept back
 * @param duplicated packets that it sent twice
 * @param reordered packets that it sent after their successor
 * @param received packets that came in
 * @param lastSequence sequence number of the last packet sent
 * @param nanosSinceReceived how long ago the last packet came; {@link Long#MAX_VALUE} if none did
 * @param longestGapNanos the longest time between two packets that came
 */
public record RtpCounters(
    long sent,
    long dropped,
    long duplicated,
    long reordered,
    long received,
    int lastSequence,
    long nanosSinceReceived,
    long longestGapNanos) {

  static final RtpCounters NONE = new RtpCounters(0, 0, 0, 0, 0, 0, Long.MAX_VALUE, 0);

  /** One more packet has gone out. */
  RtpCounters withSent() {
    return new RtpCounters(
        sent + 1,
        dropped,
        duplicated,
        reordered,
        received,
        lastSequence,
        nanosSinceReceived,
        longestGapNanos);
  }

  /** The fate of a packet that was to go out. */
  RtpCounters withFate(int sequence, boolean lost, boolean twice, boolean late) {
    return new RtpCounters(
        sent,
        dropped + (lost ? 1 : 0),
        duplicated + (twice ? 1 : 0),
        reordered + (late ? 1 : 0),
        received,
        sequence,
        nanosSinceReceived,
        longestGapNanos);
  }

  /** One more packet has come, so long after the one before; the time since is the time itself. */
  RtpCounters withReceived(long nanos, long gapNanos) {
    return new RtpCounters(
        sent,
        dropped,
        duplicated,
        reordered,
        received + 1,
        lastSequence,
        nanos,
        Math.max(gapNanos, longestGapNanos));
  }

  /** Of counters that hold the time of the last packet: how long ago that was. */
  RtpCounters asOf(long nanos) {
    return new RtpCounters(
        sent,
        dropped,
        duplicated,
        reordered,
        received,
        lastSequence,
        received == 0 ? Long.MAX_VALUE : nanos - nanosSinceReceived,
        longestGapNanos);
  }
}
