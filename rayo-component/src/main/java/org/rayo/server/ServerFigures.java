package org.rayo.server;

import org.rayo.media.recorder.RecorderCounters;
import org.rayo.media.rtp.RtpEngineCounters;

/**
 * What a server does and has done since its start.
 *
 * @param calls that are up
 * @param rtp packets and ticks of all calls
 * @param recorder recordings and what they dropped
 * @param eventsResent events that were sent to their client more than once
 */
public record ServerFigures(
    int calls, RtpEngineCounters rtp, RecorderCounters recorder, long eventsResent) {}
