package org.rayo.media.recorder;

import java.nio.channels.FileChannel;

/** For tests whose files need not survive anything. */
public final class Unsynced implements SpoolSync {

  /** Nothing is synced. */
  public Unsynced() {}

  @Override
  public Watch watch(FileChannel channel) {
    return new Watch() {
      @Override
      public void written() {}

      @Override
      public void close() {}
    };
  }
}
