package org.rayo.examples.zipstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.PercentEncoding;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;

/**
 * One recording on its way into its archive, which is written beside its place and renamed when it
 * is whole. Storing a recording again replaces its archive.
 */
final class ZipUpload implements Upload {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final ZipStore store;
  private final RecordingFile file;
  private final Path archive;
  private final String name;
  private boolean aborted;
  private @Nullable StoredRecording stored;

  ZipUpload(ZipStore store, RecordingFile file, Path archive) {
    this.store = store;
    this.file = file;
    this.archive = archive;
    name = file.key().substring(file.key().lastIndexOf('/') + 1);
  }

  /** An archive is written in one go. */
  @Override
  public void advance(long finalBytes) throws StorageException {
    requireUnderWay();
  }

  @Override
  public synchronized StoredRecording finish() throws StorageException {
    StoredRecording before = stored;
    if (before != null) {
      return before;
    }
    requireUnderWay();
    Path part = archive.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(archive.getParent());
      StoredRecording done;
      try {
        long size = write(part);
        requireSize(part, size);
        force(part);
        Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
        force(archive.resolveSibling("."));
        done = new StoredRecording(uri(), size);
      } finally {
        Files.deleteIfExists(part);
      }
      stored = done;
      return done;
    } catch (IOException e) {
      throw new StorageException(Fault.UNAVAILABLE, "cannot write " + archive, e);
    }
  }

  /** Gives the size of the recording. */
  private long write(Path part) throws IOException, StorageException {
    try (OutputStream out = Files.newOutputStream(part);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      long size = copy(zip);
      zip.putNextEntry(new ZipEntry(name + ".properties"));
      described().store(zip, null);
      return size;
    }
  }

  /**
   * That the spool's file cannot be read is another failure than that the archive cannot be
   * written.
   */
  private long copy(OutputStream out) throws IOException, StorageException {
    try (InputStream in = opened()) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long size = 0;
      for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
        out.write(buffer, 0, read);
        size += read;
      }
      return size;
    }
  }

  private InputStream opened() throws StorageException {
    try {
      return Files.newInputStream(file.path());
    } catch (IOException e) {
      throw StorageException.unreadable(file.path(), e);
    }
  }

  private int read(InputStream in, byte[] buffer) throws StorageException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw StorageException.unreadable(file.path(), e);
    }
  }

  /** What clients sent may hold anything; properties escape it. */
  private Properties described() {
    Properties described = new Properties();
    described.putAll(file.metadata());
    described.setProperty("recording-id", file.recordingId());
    described.setProperty("media-type", file.mediaType());
    return described;
  }

  private void requireSize(Path written, long size) throws IOException, StorageException {
    try (ZipFile zip = new ZipFile(written.toFile())) {
      long found = Optional.ofNullable(zip.getEntry(name)).map(ZipEntry::getSize).orElse(-1L);
      if (found != size) {
        throw new StorageException(
            Fault.CORRUPTED, written + " has " + found + " bytes instead of " + size);
      }
    }
  }

  /** Brings a file, or the names in a directory, onto the disk. */
  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private URI uri() {
    return URI.create("jar:" + archive.toUri() + "!/" + PercentEncoding.path(name));
  }

  private synchronized void requireUnderWay() throws StorageException {
    store.requireOpen();
    if (aborted) {
      throw new StorageException(Fault.UNAVAILABLE, "the upload of '" + file.key() + "' has ended");
    }
  }

  @Override
  public synchronized void abort() {
    aborted = true;
  }
}
