package org.rayo.media.recorder;

import java.nio.channels.FileChannel;

/**
 * Whoever sees to it that what was written is on the disk: told of every file that is being
 * recorded into, so that many can be synced together.
 */
@FunctionalInterface
public interface SpoolSync {

  /**
   * A file is being recorded into. Called on the spool writer's thread.
   *
   * @return to be closed before the channel is
   */
  Watch watch(FileChannel channel);

  /** One watched file. */
  interface Watch extends AutoCloseable {
    /** Bytes were appended since the last sync. Never blocks. */
    void written();

    /** The file is synced by its writer now and needs no more care. */
    @Override
    void close();
  }
}
