package org.rayo.recording;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rayo.media.recorder.SpoolSync;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is being recorded onto the disk, all recordings together, at every interval: a power
 * loss costs at most about that much audio.
 */
public final class GroupSync implements SpoolSync, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupSync.class);

  private final Set<Watched> files = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock;
  private final Future<?> syncing;

  /**
   * @param interval between two syncs, positive
   */
  public GroupSync(Duration interval) {
    clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "rayo-spool-sync");
              thread.setDaemon(true);
              return thread;
            });
    syncing =
        clock.scheduleWithFixedDelay(
            this::syncAll, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public Watch watch(FileChannel channel) {
    Watched watched = new Watched(channel);
    files.add(watched);
    return watched;
  }

  private void syncAll() {
    for (Watched file : files) {
      try {
        file.sync();
      } catch (RuntimeException e) {
        // One that is thrown would be the last this clock ever ran.
        LOG.error("syncing a recording in the spool failed", e);
      }
    }
  }

  /** How many files are watched. */
  int size() {
    return files.size();
  }

  @Override
  public void close() {
    syncing.cancel(false);
    clock.shutdown();
  }

  private final class Watched implements Watch {
    private final FileChannel channel;
    private volatile boolean dirty;
    private boolean failing;

    Watched(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void written() {
      dirty = true;
    }

    @Override
    public void close() {
      files.remove(this);
    }

    private void sync() {
      if (!dirty) {
        return;
      }
      dirty = false;
      try {
        channel.force(false);
        failing = false;
      } catch (ClosedChannelException e) {
        // It was finished, and synced by its writer, in this moment.
        files.remove(this);
      } catch (IOException e) {
        dirty = true;
        if (!failing) {
          LOG.error("a recording in the spool cannot be synced; trying on", e);
        }
        failing = true;
      }
    }
  }
}
