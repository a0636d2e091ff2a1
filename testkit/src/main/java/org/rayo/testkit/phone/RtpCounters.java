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
    long longestGapNanos) {}
