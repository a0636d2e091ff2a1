package org.rayo.recording;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.encode.AudioRepair;

/** Makes recordings out of what a crash has left of their files. */
final class SpoolRepair {

  /** What is asked of a file in which there is nothing that could tell. */
  static final int SAMPLE_RATE_HZ = 8000;

  private SpoolRepair() {}

  /**
   * Repairs a file in place and syncs it.
   *
   * @param failure what ended the recording
   * @throws java.nio.file.NoSuchFileException when it is not there: nothing takes its place
   */
  static CapturedRecording repair(Manifest manifest, Path audio, String failure)
      throws IOException {
    try (FileChannel file =
        FileChannel.open(audio, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      AudioRepair.Repaired repaired =
          AudioRepair.repair(
              file,
              new AudioRepair.Expected(manifest.format(), SAMPLE_RATE_HZ, 1, Encoding.DEFAULT));
      file.force(true);
      return new CapturedRecording(
          manifest.recordingId(),
          audio,
          manifest.format(),
          Cause.ERROR,
          repaired.samples(),
          repaired.sampleRateHz(),
          repaired.channels(),
          repaired.sizeBytes(),
          Optional.of(failure));
    } catch (MediaException e) {
      throw new IOException("cannot repair " + audio + ": " + e.getMessage(), e);
    }
  }
}
