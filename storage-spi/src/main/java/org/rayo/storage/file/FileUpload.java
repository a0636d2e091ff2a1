package org.rayo.storage.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One recording on its way into a {@link FileRecordingStore}: first a part, by hard link or by
 * copying; then a rename. Its methods lock the upload, as the store may abort it while closing.
 */
final class FileUpload implements Upload {

  private static final Logger log = LoggerFactory.getLogger(FileUpload.class);

  private enum State {
    UNDER_WAY,
    FINISHED,
    ABORTED
  }

  private enum Means {
    NOT_TRIED,
    LINK,
    COPY
  }

  private final FileRecordingStore store;
  private final RecordingFile file;
  private final Path part;
  private final ByteBuffer buffer = ByteBuffer.allocate(HEAD_BYTES);
  private State state = State.UNDER_WAY;
  private Means means = Means.NOT_TRIED;
  private long copied;
  private long advanced;
  private @Nullable StoredRecording stored;

  FileUpload(FileRecordingStore store, RecordingFile file, Path part) {
    this.store = store;
    this.file = file;
    this.part = part;
  }

  /** Copies what is final, unless a hard link will do. */
  @Override
  public synchronized void advance(long finalBytes) throws StorageException {
    requireUnderWay();
    advanced = Math.max(advanced, finalBytes);
    if (means == Means.NOT_TRIED) {
      link();
    }
    if (means == Means.COPY) {
      try (FileChannel source = openSource();
          FileChannel sink = openPart()) {
        copy(source, sink, copied, finalBytes);
      } catch (IOException e) {
        throw FileRecordingStore.failed("cannot write " + part, e);
      }
    }
  }

  @Override
  public synchronized StoredRecording finish() throws StorageException {
    StoredRecording done = stored;
    if (done != null) {
      return done;
    }
    requireUnderWay();
    long size = sourceSize();
    if (size < advanced) {
      throw new StorageException(
          Fault.CORRUPTED,
          file.path() + " has " + size + " bytes, of which " + advanced + " were final");
    }
    try {
      makePart(size);
      requireSize(part, size);
      store.applyPermissions(part);
      Path place = moved();
      // Where both names were links to one file already, the rename has left the part.
      Files.deleteIfExists(part);
      FileRecordingStore.force(place.resolveSibling("."));
      requireSize(place, size);
      done = new StoredRecording(store.uri(file.key(), place), size);
    } catch (IOException e) {
      throw FileRecordingStore.failed("cannot store '" + file.key() + "'", e);
    }
    stored = done;
    state = State.FINISHED;
    store.settled(this);
    return done;
  }

  private Path moved() throws IOException, StorageException {
    store.placing().lock();
    try {
      Path place = store.place(file.key());
      return Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      store.placing().unlock();
    }
  }

  private void makePart(long size) throws StorageException, IOException {
    if (means != Means.COPY) {
      link();
    }
    if (means == Means.LINK) {
      forcePart();
      return;
    }
    if (!Files.exists(part)) {
      copied = 0; // an earlier finish has moved it, and failed after that
    }
    try (FileChannel source = openSource();
        FileChannel sink = openPart()) {
      copy(source, sink, Math.min(copied, size), size);
      copy(source, sink, 0, Math.min(size, HEAD_BYTES));
      sink.truncate(size);
      sink.force(true);
    }
  }

  /** Makes the part a second name of the recording, where the file systems can. */
  private void link() throws StorageException {
    try {
      Files.deleteIfExists(part);
      Files.createLink(part, file.path());
      means = Means.LINK;
    } catch (IOException | UnsupportedOperationException e) {
      if (e instanceof IOException failure && Files.notExists(file.path())) {
        throw StorageException.unreadable(file.path(), failure);
      }
      log.debug("{} is copied, as it cannot be linked: {}", file.path(), e.toString());
      means = Means.COPY;
    }
  }

  private void copy(FileChannel source, FileChannel sink, long from, long to)
      throws StorageException, IOException {
    long position = from;
    while (position < to) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - position));
      readFrom(source, position);
      buffer.flip();
      while (buffer.hasRemaining()) {
        position += sink.write(buffer, position);
      }
      copied = Math.max(copied, position);
    }
  }

  private void readFrom(FileChannel source, long position) throws StorageException {
    try {
      if (source.read(buffer, position) < 0) {
        throw new EOFException("ends at byte " + position);
      }
    } catch (ClosedByInterruptException e) {
      throw new StorageException(Fault.UNAVAILABLE, "interrupted while storing", e);
    } catch (IOException e) {
      throw StorageException.unreadable(file.path(), e);
    }
  }

  private FileChannel openSource() throws StorageException {
    try {
      return FileChannel.open(file.path(), StandardOpenOption.READ);
    } catch (IOException e) {
      throw StorageException.unreadable(file.path(), e);
    }
  }

  private void forcePart() throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private FileChannel openPart() throws IOException {
    return FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private long sourceSize() throws StorageException {
    try {
      return Files.size(file.path());
    } catch (IOException e) {
      throw StorageException.unreadable(file.path(), e);
    }
  }

  private static void requireSize(Path written, long size) throws IOException, StorageException {
    long found = Files.size(written);
    if (found != size) {
      throw new StorageException(
          Fault.CORRUPTED, written + " has " + found + " bytes instead of " + size);
    }
  }

  private void requireUnderWay() throws StorageException {
    if (state != State.UNDER_WAY) {
      throw new StorageException(Fault.UNAVAILABLE, "the upload of '" + file.key() + "' has ended");
    }
  }

  @Override
  public synchronized void abort() {
    if (state != State.UNDER_WAY) {
      return;
    }
    state = State.ABORTED;
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      log.warn("cannot remove {}, which an aborted upload left", part, e);
    }
    store.settled(this);
  }
}
