package org.rayo.media.freeswitch.capture;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.rayo.media.rtp.RtpEngine;

/**
 * Reads the audio of calls from files that FreeSWITCH writes into a directory of both. Has the
 * threads that wait for the disk.
 */
public final class FileCapture implements AutoCloseable {

  private static final int READERS = 2;

  private final RtpEngine threads;
  private final ScheduledThreadPoolExecutor readers;

  /**
   * @param threads carry the audio; the engine stays the caller's: started before this, closed
   *     after it
   */
  public FileCapture(RtpEngine threads) {
    this.threads = threads;
    AtomicInteger number = new AtomicInteger();
    readers =
        new ScheduledThreadPoolExecutor(
            READERS,
            task -> {
              Thread thread = new Thread(task, "capture-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    readers.setRemoveOnCancelPolicy(true);
  }

  /**
   * The audio of a call, from a file.
   *
   * @param callId for logs
   */
  public CapturedAudio audioOf(String callId, Recordings recordings) {
    return new FileAudio(callId, threads.mediaThread(), readers, recordings);
  }

  /** Reads no more. Calls must have ended before. */
  @Override
  public void close() {
    readers.shutdownNow();
  }
}
