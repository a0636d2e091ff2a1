package org.rayo.media.encode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest;

/**
 * Makes valid files of recordings whose writing broke off anywhere: without their last bytes, with
 * a head that says less than follows, with a torn frame or page at the end.
 *
 * <p>At most that last sample, frame (mp3: 72 ms at 8 kHz, and with it what the encoder is late by)
 * or page (opus: 400 ms) is lost. A file in which there is nothing yet becomes an empty recording.
 * A finished file is left as it is, so that repairing twice is repairing once. Only files that the
 * encoders of this package wrote are understood.
 *
 * <p>Stateless; reads and writes the file on the caller's thread.
 */
public final class AudioRepair {

  /**
   * What the file was meant to be. It is asked where the file itself cannot say.
   *
   * @param sampleRateHz of what was recorded; the file's own where the encoding says no other
   */
  public record Expected(
      AudioFormat format, int sampleRateHz, int channels, RecordingRequest.Encoding encoding) {

    int fileRateHz() {
      return encoding.sampleRateHz().orElse(sampleRateHz);
    }
  }

  /**
   * A file that is valid.
   *
   * @param samples per channel that it plays
   */
  public record Repaired(int sampleRateHz, int channels, long samples, long sizeBytes) {}

  /**
   * What can be saved of a file.
   *
   * @param sampleRateHz that it has, whatever was expected
   */
  record Saved(int sampleRateHz, int channels, Ending ending) {}

  private AudioRepair() {}

  /**
   * Repairs a file in place. It is not synced.
   *
   * @param file open for reading and writing; nobody else writes to it
   * @throws MediaException when no such file as expected can exist
   * @throws IOException when it cannot be read or written; repairing may be tried again
   */
  public static Repaired repair(FileChannel file, Expected expected)
      throws IOException, MediaException {
    Optional<Saved> found =
        switch (expected.format()) {
          case WAV -> WavRepair.save(file, expected);
          case MP3 -> Mp3Repair.save(file, expected);
          case OPUS -> OggOpusRepair.save(file);
        };
    Saved saved = found.isPresent() ? found.get() : empty(expected);
    Ending ending = saved.ending();
    file.truncate(ending.sizeBytes());
    for (Patch patch : ending.patches()) {
      write(file, patch);
    }
    return new Repaired(
        saved.sampleRateHz(), saved.channels(), ending.samples(), ending.sizeBytes());
  }

  /** Up to so many bytes; fewer only where the file ends. */
  static byte[] read(FileChannel file, long offset, int length) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.max(0, Math.min(length, file.size() - offset)));
    while (bytes.hasRemaining()) {
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return bytes.array();
  }

  private static void write(FileChannel file, Patch patch) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(patch.bytes());
    while (bytes.hasRemaining()) {
      file.write(bytes, patch.offset() + bytes.position());
    }
  }

  /** The whole file of a recording that ended at once. */
  private static Saved empty(Expected expected) throws MediaException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (AudioEncoder encoder =
        AudioEncoders.PORTABLE.open(
            expected.format(), expected.sampleRateHz(), expected.channels(), expected.encoding())) {
      encoder.begin(bytes::write);
      Ending ending = encoder.finish(bytes::write);
      byte[] file = bytes.toByteArray();
      for (Patch patch : ending.patches()) {
        System.arraycopy(patch.bytes(), 0, file, (int) patch.offset(), patch.bytes().length);
      }
      return new Saved(
          expected.fileRateHz(),
          expected.channels(),
          new Ending(0, file.length, List.of(new Patch(0, file))));
    }
  }
}
