package org.rayo.media.freeswitch;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.rayo.media.freeswitch.capture.CaptureEndpoint;
import org.rayo.media.recorder.Recorders;

/** What calls and mixers have in common. */
record Environment(
    FreeSwitchSettings settings,
    Recorders recorders,
    CaptureEndpoint capture,
    Bridges bridges,
    Executor workers,
    ScheduledExecutorService timers) {}
