package org.rayo.storage;

/** One recording on its way into a store. Used by one thread at a time; its methods may block. */
public interface Upload {

  /**
   * Tells that the first {@code finalBytes} of the file, but for a head that the format may still
   * rewrite, will not change any more. A store may send them now; the simplest does nothing.
   *
   * @throws StorageException the upload can be tried again from here, or aborted
   */
  void advance(long finalBytes) throws StorageException;

  /**
   * The file is complete: stores what is missing, verifies the size, and makes the recording
   * visible as a whole.
   *
   * @throws StorageException the recording is not visible; call this again, or {@link #abort}
   */
  StoredRecording finish() throws StorageException;

  /**
   * Gives up; nothing of this upload remains in the store as far as that can be had. After {@link
   * #finish} has returned it does nothing. Never throws: what could not be removed is logged.
   */
  void abort();
}
