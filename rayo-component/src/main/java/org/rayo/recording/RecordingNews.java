package org.rayo.recording;

import java.util.Optional;

/**
 * What is told of a recording besides its {@code <complete/>}, to whoever is configured to hear of
 * it. Thread safe.
 */
public interface RecordingNews {

  /** Nobody hears anything. */
  RecordingNews NONE =
      new RecordingNews() {
        @Override
        public void started(Manifest manifest) {}

        @Override
        public void finished(Manifest manifest) {}

        @Override
        public Optional<byte[]> sidecar(Manifest manifest, String store, String sha256) {
          return Optional.empty();
        }

        @Override
        public void stored(Manifest manifest, String store, String sha256) {}

        @Override
        public void failed(Manifest manifest, String store, String problem) {}
      };

  /** Capture runs, and its client knows. Never blocks. */
  void started(Manifest manifest);

  /** Capture has ended, and what its client will be told is decided. Never blocks. */
  void finished(Manifest manifest);

  /**
   * What is to lie beside the recording in its store.
   *
   * @param sha256 of what the store holds, lower-case hexadecimal
   * @return empty when nothing is
   */
  Optional<byte[]> sidecar(Manifest manifest, String store, String sha256);

  /**
   * A store has it. Returns once the news will outlive a crash; blocks.
   *
   * @throws JournalException and it is told again later
   */
  void stored(Manifest manifest, String store, String sha256) throws JournalException;

  /**
   * A store does not take it, and the spool keeps it. Returns once the news will outlive a crash;
   * blocks.
   *
   * @throws JournalException when it could not be told
   */
  void failed(Manifest manifest, String store, String problem) throws JournalException;
}
