package org.rayo.media.recorder;

/**
 * What the recorder does and has done.
 *
 * @param active recordings that were accepted and whose files are not finished
 * @param framesDropped frames for which a ring had no room; each has ended its recording
 * @param bytesWritten to spool files, rewritten heads not counted
 * @param samplesBuffered that wait in the rings of all recordings, both channels counted
 */
public record RecorderCounters(
    int active, long framesDropped, long bytesWritten, long samplesBuffered) {}
