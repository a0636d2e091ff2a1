package org.rayo.recording;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.Upload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends to one store what recordings have grown by while they run, so that little is left to send
 * when they end. What fails here costs nothing: the whole is sent afterwards. Thread safe.
 */
final class AheadUploads {

  private static final Logger LOG = LoggerFactory.getLogger(AheadUploads.class);

  /** Shorter recordings are sent at their end: one request is better than several. */
  static final long WORTH_IT_BYTES = 1024 * 1024;

  /**
   * What the end of a recording may still change or cut off: a key that stops it, the last page of
   * a format.
   */
  static final long GUARD_BYTES = 256 * 1024;

  private final RecordingStore store;
  private final Map<String, Growing> all = new ConcurrentHashMap<>();

  AheadUploads(RecordingStore store) {
    this.store = store;
  }

  /** A recording grows, and will not get shorter but by its last bytes. */
  void follow(RecordingFile file) {
    all.put(file.recordingId(), new Growing(file));
  }

  /**
   * The recording has ended, or is not wanted. Waits for what is being sent.
   *
   * @return what has begun to be sent; to be finished or aborted
   */
  Optional<Upload> take(String recordingId) {
    return Optional.ofNullable(all.remove(recordingId)).flatMap(Growing::end);
  }

  /** Sends what has grown; blocks. */
  void advance() {
    all.values().forEach(Growing::advance);
  }

  /** One recording. */
  private final class Growing {
    private final RecordingFile file;
    private @Nullable Upload upload;
    private boolean over;

    Growing(RecordingFile file) {
      this.file = file;
    }

    synchronized void advance() {
      Path path = file.path();
      long size = path.toFile().length();
      if (over || size < WORTH_IT_BYTES) {
        return;
      }
      try {
        Upload begun = upload == null ? store.begin(file) : upload;
        upload = begun;
        begun.advance(size - GUARD_BYTES);
      } catch (StorageException | RuntimeException e) {
        LOG.info(
            "recording {} is sent at its end, for what was sent ahead failed: {}",
            file.recordingId(),
            e.toString());
        end().ifPresent(Upload::abort);
      }
    }

    synchronized Optional<Upload> end() {
      over = true;
      Optional<Upload> begun = Optional.ofNullable(upload);
      upload = null;
      return begun;
    }
  }
}
