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

/**
 * The one thread that writes to the spool while recordings run, so that a slow disk holds up nobody
 * else. The work of finishing a file, which takes longer, is done on a pool beside it.
 */
final class SpoolWriter {

  private final SpoolSync sync;
  private final FileOpener opener;
  private final Executor finishing;
  private final AtomicLong bytesWritten = new AtomicLong();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "spool-writer"));

  /**
   * @param finishing where files are synced at their end; may block
   */
  SpoolWriter(SpoolSync sync, FileOpener opener, Executor finishing) {
    this.sync = sync;
    this.opener = opener;
    this.finishing = finishing;
  }

  /**
   * Creates a file.
   *
   * @param failed hears, on the writer's thread and once, that nothing more will be written, and
   *     why
   * @return completes on the writer's thread; fails with a {@link MediaException}
   */
  CompletionStage<SpoolFile> open(Path path, Consumer<String> failed) {
    CompletableFuture<SpoolFile> opened = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            opened.complete(
                SpoolFile.create(path, opener, sync, thread, finishing, bytesWritten, failed));
          } catch (IOException e) {
            opened.completeExceptionally(
                new MediaException(
                    MediaException.Fault.CONFIGURATION, "cannot create " + path + ": " + e, e));
          } catch (RuntimeException | Error e) {
            // Whatever it is, somebody waits for the answer.
            opened.completeExceptionally(
                new MediaException(MediaException.Fault.FAILED, "cannot open " + path, e));
          }
        });
    return opened;
  }

  long bytesWritten() {
    return bytesWritten.get();
  }

  /** What is queued is written, unless that takes longer than this. */
  void close(long millis) throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
      thread.shutdownNow();
    }
  }
}
