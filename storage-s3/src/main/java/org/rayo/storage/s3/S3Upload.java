package org.rayo.storage.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One recording on its way into a bucket.
 *
 * <p>A short one is put in one piece at the end. Of a longer one the parts from the second on are
 * sent while it grows, as far as they are final; the first, whose head the format may still
 * rewrite, and the rest go last. Nothing can be seen at the key before the last request.
 *
 * <p>Locked by its methods, as the store may abort it while closing.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html">Amazon S3:
 *     multipart upload</a>
 */
final class S3Upload implements Upload {

  private static final Logger log = LoggerFactory.getLogger(S3Upload.class);

  /** S3 takes 10,000; the last is for all that comes after the others. */
  private static final int MOST_PARTS = 10_000;

  private enum State {
    UNDER_WAY,
    FINISHED,
    ABORTED
  }

  /** A part that the server has. */
  private record Sent(long length, String eTag, String checksum) {}

  private final S3RecordingStore store;
  private final S3Settings settings;
  private final S3Bucket bucket;
  private final RecordingFile file;
  private final String key;
  private final long partBytes;
  private final AtomicReference<State> state = new AtomicReference<>(State.UNDER_WAY);
  private final Map<Integer, Sent> parts = new TreeMap<>();
  private long advanced;
  private @Nullable String uploadId;
  private @Nullable StoredRecording stored;

  S3Upload(S3RecordingStore store, S3Settings settings, S3Bucket bucket, RecordingFile file) {
    this.store = store;
    this.settings = settings;
    this.bucket = bucket;
    this.file = file;
    key = settings.objectKey(file.key());
    partBytes = settings.transfer().partBytes();
  }

  /** Sends whole parts, but never the first and never the last that may be. */
  @Override
  public synchronized void advance(long finalBytes) throws StorageException {
    requireUnderWay();
    advanced = Math.max(advanced, finalBytes);
    long whole = Math.min(finalBytes / partBytes, MOST_PARTS - 1);
    for (int number = 2; number <= whole; number++) {
      if (!parts.containsKey(number)) {
        send(number, partBytes);
      }
    }
  }

  @Override
  public synchronized StoredRecording finish() throws StorageException {
    StoredRecording before = stored;
    if (before != null) {
      return before;
    }
    requireUnderWay();
    long size = sourceSize();
    if (size < advanced) {
      throw new StorageException(
          Fault.CORRUPTED,
          file.path() + " has " + size + " bytes, of which " + advanced + " were final");
    }
    String checksum;
    if (size <= partBytes || (uploadId == null && size < 2 * partBytes)) {
      abortMultipart();
      FileSlice whole = new FileSlice(file.path(), 0, size);
      checksum = whole.checksum(settings.transfer().checksum());
      bucket.put(key, file, whole, checksum);
    } else {
      checksum = finishMultipart(size);
    }
    if (settings.transfer().verify()) {
      verify(bucket.head(key), size, checksum);
    }
    StoredRecording done = new StoredRecording(store.uri(key), size);
    if (!state.compareAndSet(State.UNDER_WAY, State.FINISHED)) {
      throw ended();
    }
    stored = done;
    store.settled(this);
    return done;
  }

  /** Sends what is missing and gives the checksum that the object has then. */
  private String finishMultipart(long size) throws StorageException {
    int count = (int) Math.min((size + partBytes - 1) / partBytes, MOST_PARTS);
    for (int number = 2; number <= count; number++) {
      sendUnlessSent(number, number == count ? size - (count - 1) * partBytes : partBytes);
    }
    sendUnlessSent(1, partBytes);
    parts.keySet().removeIf(number -> number > count);
    S3Checksum kind = settings.transfer().checksum();
    String checksum = kind.composite(parts.values().stream().map(Sent::checksum).toList());
    complete(size);
    uploadId = null;
    parts.clear();
    return checksum;
  }

  private void sendUnlessSent(int number, long length) throws StorageException {
    Sent sent = parts.get(number);
    if (sent == null || sent.length() != length) {
      send(number, length);
    }
  }

  private void complete(long size) throws StorageException {
    S3Checksum checksum = settings.transfer().checksum();
    List<CompletedPart> named = new ArrayList<>();
    parts.forEach(
        (number, sent) -> {
          CompletedPart.Builder part = CompletedPart.builder().partNumber(number).eTag(sent.eTag());
          checksum.applyTo(part, sent.checksum());
          named.add(part.build());
        });
    try {
      bucket.complete(key, uploadId(), named);
    } catch (StorageException e) {
      // The answer to an earlier request may have been lost after it had succeeded.
      if (!forgetIfGone(e) || !isOurs(size)) {
        throw e;
      }
    }
  }

  private void send(int number, long length) throws StorageException {
    requireUnderWay();
    FileSlice slice = new FileSlice(file.path(), (number - 1) * partBytes, length);
    String checksum = slice.checksum(settings.transfer().checksum());
    try {
      String eTag = bucket.uploadPart(key, uploadId(), number, slice, checksum);
      parts.put(number, new Sent(length, eTag, checksum));
    } catch (StorageException e) {
      forgetIfGone(e);
      throw e;
    }
  }

  private String uploadId() throws StorageException {
    String id = uploadId;
    if (id == null) {
      abortLeftOvers();
      id = bucket.create(key, file);
      uploadId = id;
    }
    return id;
  }

  /**
   * A process that was killed cannot have aborted what it had begun for this key, which nobody else
   * has. Those who may not list uploads have a lifecycle rule for it.
   */
  private void abortLeftOvers() {
    try {
      for (String left : bucket.uploads(key)) {
        bucket.abort(key, left);
        log.info("aborted what an earlier upload of {} had left", bucket.shown(key));
      }
    } catch (StorageException e) {
      log.debug("cannot look for earlier uploads of {}", bucket.shown(key), e);
    }
  }

  /** Somebody else has ended the multipart upload: the next try has to begin a new one. */
  private boolean forgetIfGone(StorageException failure) {
    boolean gone =
        failure.getCause() instanceof S3Exception answer
            && S3Faults.code(answer).equals("NoSuchUpload");
    if (gone) {
      uploadId = null;
      parts.clear();
    }
    return gone;
  }

  private boolean isOurs(long size) {
    try {
      HeadObjectResponse object = bucket.head(key);
      String id = settings.objects().metadata(file).get("recording-id");
      return Long.valueOf(size).equals(object.contentLength())
          && object.metadata().containsValue(id);
    } catch (StorageException e) {
      log.debug("cannot see {}", bucket.shown(key), e);
      return false;
    }
  }

  private void verify(HeadObjectResponse object, long size, String checksum)
      throws StorageException {
    @Nullable Long found = object.contentLength();
    if (!Long.valueOf(size).equals(found)) {
      throw new StorageException(
          Fault.CORRUPTED,
          bucket.shown(key)
              + " has "
              + (found == null ? "an unknown number of" : found)
              + " bytes instead of "
              + size);
    }
    Optional<String> told = settings.transfer().checksum().told(object);
    // Servers may give the checksum of the whole instead of that of the parts: not comparable.
    boolean comparable = told.isPresent() && told.get().contains("-") == checksum.contains("-");
    if (comparable && !told.get().equals(checksum)) {
      throw new StorageException(
          Fault.CORRUPTED,
          bucket.shown(key) + " has the checksum " + told.get() + " instead of " + checksum);
    }
  }

  private long sourceSize() throws StorageException {
    try {
      return Files.size(file.path());
    } catch (IOException e) {
      throw StorageException.unreadable(file.path(), e);
    }
  }

  private void requireUnderWay() throws StorageException {
    if (state.get() != State.UNDER_WAY) {
      throw ended();
    }
  }

  private StorageException ended() {
    return new StorageException(Fault.UNAVAILABLE, "the upload of '" + file.key() + "' has ended");
  }

  /** A {@link #finish} in another thread ends before its next request. */
  @Override
  public void abort() {
    if (state.compareAndSet(State.UNDER_WAY, State.ABORTED)) {
      synchronized (this) {
        abortMultipart();
      }
      store.settled(this);
    }
  }

  private void abortMultipart() {
    String id = uploadId;
    if (id == null) {
      return;
    }
    uploadId = null;
    parts.clear();
    // The SDK sends nothing on a thread that has been interrupted.
    boolean interrupted = Thread.interrupted();
    try {
      bucket.abort(key, id);
    } catch (StorageException e) {
      log.warn(
          "cannot abort the multipart upload of {}; a lifecycle rule has to: {}",
          bucket.shown(key),
          e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
