package org.rayo.media.recorder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to the spool while recordings run, so that a slow disk holds up nobody
 * else. The work of finishing a file, which takes longer, is done on a pool beside it.
 */
final class SpoolWriter {

  private static final Logger log = LoggerFactory.getLogger(SpoolWriter.class);

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "spool-writer"));
  private final SpoolFile.Shared shared;

  /**
   * @param finishing where files are synced at their end; may block
   */
  SpoolWriter(SpoolSync sync, FileOpener opener, Executor finishing) {
    shared =
        new SpoolFile.Shared(opener, sync, thread, finishing, new AtomicLong(), new AtomicLong());
  }

  /**
   * Creates a file.
   *
   * @param mostPendingBytes that may wait for the disk
   * @param failed hears, on the writer's thread and once, that nothing more will be written, and
   *     why
   * @return completes on the writer's thread; fails with a {@link MediaException}
   */
  CompletionStage<SpoolFile> open(Path path, int mostPendingBytes, Consumer<String> failed) {
    CompletableFuture<SpoolFile> opened = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            opened.complete(SpoolFile.create(path, shared, mostPendingBytes, failed));
          } catch (IOException e) {
            log.warn("Cannot create {}: {}", path, e.toString());
            opened.completeExceptionally(
                new MediaException(
                    MediaException.Fault.NO_RESOURCES,
                    "the recording's file cannot be created: its disk is full or refuses",
                    e));
          } catch (RuntimeException | Error e) {
            // Whatever it is, somebody waits for the answer.
            opened.completeExceptionally(
                new MediaException(
                    MediaException.Fault.FAILED, "the recording's file cannot be created", e));
          }
        });
    return opened;
  }

  long bytesWritten() {
    return shared.bytesWritten().get();
  }

  /** Given to the files of this spool, and neither written nor given up yet. */
  long bytesWaiting() {
    return shared.bytesWaiting().get();
  }

  /** What is queued is written, unless that takes longer than this. */
  void close(long millis) throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
      thread.shutdownNow();
    }
  }
}
