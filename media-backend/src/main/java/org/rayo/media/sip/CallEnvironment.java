package org.rayo.media.sip;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.rayo.media.bridge.Joins;
import org.rayo.media.output.Outputs;
import org.rayo.media.recorder.Recorders;
import org.slf4j.event.Level;

/**
 * What every call of a backend shares.
 *
 * @param workers run the calls' queues; nothing on them waits
 * @param departures sends BYEs, which may wait for a TCP connection
 * @param timers only hands over to the queues
 * @param ackTimeout from a 2xx to giving up on its ACK: 64 × T1
 * @param logged how loudly the log tells that a call began and ended
 */
record CallEnvironment(
    SipEndpoint endpoint,
    SipSettings settings,
    MediaPort.Source ports,
    Recorders recorders,
    Outputs outputs,
    Joins joins,
    Executor workers,
    Executor departures,
    ScheduledExecutorService timers,
    Duration ackTimeout,
    Level logged) {}
