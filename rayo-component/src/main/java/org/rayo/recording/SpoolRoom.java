package org.rayo.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.rayo.media.AudioFormat;
import org.rayo.media.RecordingRequest;
import org.rayo.media.SampleCoding;

/**
 * How much room there must be in the spool for another recording: a watermark that is kept free;
 * what those that run have said they may still need; and as much as the new one may need, if it
 * says how long it can get. Thread safe.
 */
public final class SpoolRoom {

  /** Of a call's audio, where the client asks for no other. */
  private static final int SAMPLE_RATE_HZ = 8000;

  /** What mp3 and opus need at most for a channel of a call, unless a client asks for more. */
  private static final int KBPS = 64;

  /** The disk; may block. */
  @FunctionalInterface
  interface Disk {
    long usableBytes(Path spool) throws IOException;
  }

  /** There is too little. */
  static final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    NoRoomException(String message) {
      super(message);
    }
  }

  private final long watermarkBytes;
  private final Duration longest;
  private final Disk disk;

  /** What running recordings may need in all, by their ids. */
  private final Map<String, Promised> promised = new ConcurrentHashMap<>();

  /**
   * Room for one recording.
   *
   * @param audio what it has taken of that already
   */
  private record Promised(Path audio, long bytes) {
    long outstanding() {
      return Math.max(0, bytes - audio.toFile().length());
    }
  }

  /**
   * @param watermarkBytes kept free
   * @param longest no recording gets longer
   */
  public SpoolRoom(long watermarkBytes, Duration longest) {
    // Files.getFileStore would read the table of mounts for every recording.
    this(watermarkBytes, longest, spool -> spool.toFile().getUsableSpace());
  }

  SpoolRoom(long watermarkBytes, Duration longest, Disk disk) {
    this.watermarkBytes = watermarkBytes;
    this.longest = longest;
    this.disk = disk;
  }

  /** Any room is enough. */
  static SpoolRoom anything() {
    return new SpoolRoom(0, Duration.ZERO);
  }

  /**
   * Finds room for a recording, and keeps it until {@link #release}. Blocks.
   *
   * @param audio where it will grow
   * @throws NoRoomException in words for the client
   */
  synchronized void reserve(Path spool, String recordingId, Path audio, RecordingRequest request)
      throws IOException {
    require(spool, request);
    long needed = mostBytes(request);
    if (needed > 0) {
      promised.put(recordingId, new Promised(audio, needed));
    }
  }

  /** The recording does not grow any more. */
  void release(String recordingId) {
    promised.remove(recordingId);
  }

  /**
   * Asks the disk.
   *
   * @throws NoRoomException in words for the client
   */
  private void require(Path spool, RecordingRequest request) throws IOException {
    long promisedBytes = promised.values().stream().mapToLong(Promised::outstanding).sum();
    long usable = Math.max(0, disk.usableBytes(spool) - promisedBytes);
    long needed = mostBytes(request);
    if (usable < watermarkBytes) {
      throw new NoRoomException(
          "the spool has "
              + mebi(usable)
              + " free, less than the "
              + mebi(watermarkBytes)
              + " that are kept free");
    }
    if (usable - watermarkBytes < needed) {
      throw new NoRoomException(
          "the spool has "
              + mebi(usable - watermarkBytes)
              + " free, and a recording of that length may need "
              + mebi(needed));
    }
  }

  /** What the file can grow to within the duration that was asked for; 0 when none was. */
  long mostBytes(RecordingRequest request) {
    Optional<Duration> asked = request.maxDuration();
    if (asked.isEmpty()) {
      return 0;
    }
    Duration length = asked.filter(d -> d.compareTo(longest) < 0).orElse(longest);
    return length.toMillis() * bytesPerSecond(request) / 1000;
  }

  private static long bytesPerSecond(RecordingRequest request) {
    RecordingRequest.Encoding encoding = request.encoding();
    if (request.format() == AudioFormat.WAV) {
      int bytes = encoding.coding().orElse(SampleCoding.PCM) == SampleCoding.PCM ? 2 : 1;
      return (long) encoding.sampleRateHz().orElse(SAMPLE_RATE_HZ) * request.channels() * bytes;
    }
    return encoding.bitrateKbps().orElse(KBPS * request.channels()) * 125L;
  }

  private static String mebi(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1024.0 / 1024.0);
  }
}
