package org.rayo.storage;

/** One recording on its way into a store. Used by one thread at a time; its methods may block. */
public interface Upload {

  /**
   * How much of the beginning may change until {@link #finish}, whatever {@link #advance} has told.
   * No format rewrites more: the largest head is an MP3 frame with its tag, or a WAV header.
   */
  int HEAD_BYTES = 64 * 1024;

  /**
   * Tells that the first {@code finalBytes} of the file are final: but for the first {@value
   * #HEAD_BYTES}, which the format may still rewrite, the caller promises that they will neither
   * change nor be cut off. What follows them may change, and become shorter, until {@link #finish}.
   * A store may send them now; the simplest does nothing.
   *
   * @throws StorageException the upload can be tried again from here, or aborted
   */
  void advance(long finalBytes) throws StorageException;

  /**
   * The file is complete: stores what is missing, verifies the size, and makes the recording
   * visible as a whole.
   *
   * @throws StorageException the recording is not visible; call this again, or {@link #abort}. With
   *     fault {@link StorageException.Fault#CORRUPTED} abort and begin anew: so it is with a file
   *     that is shorter than {@link #advance} has told, of which a store may hold what is no longer
   *     true
   */
  StoredRecording finish() throws StorageException;

  /**
   * Gives up; nothing of this upload remains in the store as far as that can be had. After {@link
   * #finish} has returned it does nothing. Never throws: what could not be removed is logged.
   */
  void abort();
}
