package org.rayo.storage;

/**
 * Keeps recordings. One per configured store; used by several threads at once, all of which may
 * block.
 *
 * <p>The same recording may be handed over again after a crash, with the same {@link
 * RecordingFile#key() key}: storing it twice must leave one copy. A {@link RecordingFile#sidecar
 * sidecar} is stored as a recording is.
 */
public interface RecordingStore extends AutoCloseable {

  /**
   * Checks that the store can be used: that a directory is writable, that an address can be parsed.
   * Does not change anything that stays.
   *
   * @throws StorageException in words for the person who configured it
   */
  void check() throws StorageException;

  /**
   * Begins to store a recording that may still be growing. Nothing can be seen at the final place
   * before {@link Upload#finish} has returned.
   *
   * @throws StorageException and nothing remains
   */
  Upload begin(RecordingFile file) throws StorageException;

  /** Frees what the store holds open. Uploads under way are aborted. */
  @Override
  void close();
}
