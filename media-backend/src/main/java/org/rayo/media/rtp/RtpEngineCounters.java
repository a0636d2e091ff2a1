package org.rayo.media.rtp;

/**
 * What the loops of an {@link RtpEngine} did so far.
 *
 * @param sessions open now
 * @param ticks 20 ms of one session or mixer each
 * @param lateTicks of these, began more than 20 ms after their time; made up for at once
 * @param skippedTicks not made up for, because the machine stood still for more than 10 s
 * @param packets of all sessions since the start, closed ones included
 */
public record RtpEngineCounters(
    long sessions, long ticks, long lateTicks, long skippedTicks, RtpCounters packets) {}
