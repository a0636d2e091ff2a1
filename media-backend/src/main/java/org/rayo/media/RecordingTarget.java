package org.rayo.media;

import java.nio.file.Path;

/**
 * Where a recording goes.
 *
 * @param recordingId names it in events and logs
 * @param file does not exist yet; its directory does
 */
public record RecordingTarget(String recordingId, Path file) {}
