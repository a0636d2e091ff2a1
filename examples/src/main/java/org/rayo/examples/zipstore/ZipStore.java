package org.rayo.examples.zipstore;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.Upload;

/**
 * Keeps the recording with the key {@code day/a.mp3} in the archive {@code day/a.mp3.zip}. Nothing
 * is written before {@link Upload#finish}, so nothing has to be undone.
 */
final class ZipStore implements RecordingStore {

  private final String configurationKey;
  private final Path directory;
  private volatile boolean closed;

  /**
   * Touches nothing.
   *
   * @param configurationKey names the directory in complaints
   */
  ZipStore(String configurationKey, Path directory) {
    this.configurationKey = configurationKey;
    this.directory = directory;
  }

  @Override
  public void check() throws StorageException {
    Path place = directory;
    while (!Files.exists(place) && place.getParent() != null) {
      place = place.getParent();
    }
    if (!Files.isDirectory(place) || !Files.isWritable(place)) {
      throw new StorageException(
          Fault.CONFIGURATION,
          configurationKey + " = \"" + directory + "\": " + place + " is no directory to write to");
    }
  }

  /** The key has no segment {@code ..}, nor any other that leads out of the directory. */
  @Override
  public Upload begin(RecordingFile file) throws StorageException {
    requireOpen();
    try {
      return new ZipUpload(this, file, directory.resolve(file.key() + ".zip"));
    } catch (InvalidPathException e) {
      throw new StorageException(
          Fault.REFUSED, "key '" + file.key() + "' can be no file name here", e);
    }
  }

  void requireOpen() throws StorageException {
    if (closed) {
      throw new StorageException(Fault.UNAVAILABLE, "the store is closed");
    }
  }

  /** Uploads under way have written nothing; from now on they cannot. */
  @Override
  public void close() {
    closed = true;
  }
}
