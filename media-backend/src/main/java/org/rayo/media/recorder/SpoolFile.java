package org.rayo.media.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.rayo.media.encode.AudioEncoder;
import org.rayo.media.encode.Ending;
import org.rayo.media.encode.Patch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file that is being recorded into. Commands come from one thread and are carried out in order
 * on the spool writer's, the finishing on the pool; none of them blocks.
 *
 * <p>The first write that fails is the last one tried: the file is cut back to what was written
 * before, and what comes after is ignored until {@link #finish} makes a playable file of it.
 *
 * <p>Nothing in finishing it grows with its length: the head is patched, the end cut where it was
 * asked for, and what is not synced yet is.
 */
final class SpoolFile {

  /** What became of a file. */
  record Finished(long samples, long sizeBytes, Optional<String> failure) {}

  private static final Logger log = LoggerFactory.getLogger(SpoolFile.class);

  /** More than this, waiting for the disk, is no longer a slow disk but a failed one. */
  static final int MAX_PENDING_BYTES = 256 * 1024;

  private static final String TOO_SLOW = "the disk is too slow";

  private final Path path;
  private final FileChannel channel;
  private final SpoolSync.Watch watch;
  private final Executor writer;
  private final Executor finishing;
  private final AtomicLong bytesWritten;
  private final Consumer<String> failed;
  private final AtomicInteger pendingBytes = new AtomicInteger();
  private final AtomicBoolean behind = new AtomicBoolean();
  private long end;
  private Optional<String> failure = Optional.empty();

  private SpoolFile(
      Path path,
      FileChannel channel,
      SpoolSync.Watch watch,
      Executor writer,
      Executor finishing,
      AtomicLong bytesWritten,
      Consumer<String> failed) {
    this.path = path;
    this.channel = channel;
    this.watch = watch;
    this.writer = writer;
    this.finishing = finishing;
    this.bytesWritten = bytesWritten;
    this.failed = failed;
  }

  /** On the writer's thread. */
  static SpoolFile create(
      Path path,
      FileOpener opener,
      SpoolSync sync,
      Executor writer,
      Executor finishing,
      AtomicLong bytesWritten,
      Consumer<String> failed)
      throws IOException {
    FileChannel channel = opener.open(path);
    SpoolSync.Watch watch = sync.watch(channel);
    return new SpoolFile(path, channel, watch, writer, finishing, bytesWritten, failed);
  }

  /** What is told of a file when the disk does not answer. */
  static Finished unfinished(Duration waited) {
    String text = "the disk has not finished the file within " + waited.toMillis() + " ms";
    return new Finished(0, 0, Optional.of(text));
  }

  /**
   * Appends.
   *
   * @param bytes not changed by anybody from now on
   */
  void append(byte[] bytes) {
    if (behind.get()) {
      return;
    }
    if (pendingBytes.addAndGet(bytes.length) > MAX_PENDING_BYTES) {
      behind.set(true);
      writer.execute(() -> fail(TOO_SLOW));
      failed.accept(TOO_SLOW);
      return;
    }
    writer.execute(() -> writeAppended(bytes));
  }

  /** Rewrites what was appended before. */
  void patch(Patch patch) {
    writer.execute(
        () -> {
          if (failure.isEmpty()) {
            try {
              write(patch.bytes(), patch.offset());
            } catch (IOException e) {
              fail(cannot("write", e));
            }
          }
        });
  }

  /**
   * Makes it a finished file, syncs and closes it.
   *
   * @param encoder left alone by everybody else from now on
   * @param ending how the encoder ended it; applies when all bytes could be written
   * @param wanted samples to which it is cut afterwards, if it plays more
   * @param done hears of it, on the pool
   */
  void finish(
      AudioEncoder encoder, Optional<Ending> ending, OptionalLong wanted, Consumer<Finished> done) {
    writer.execute(() -> finishing.execute(() -> done.accept(settle(encoder, ending, wanted))));
  }

  /** Gives up a file into which nothing was recorded: it does not exist afterwards. */
  void discard() {
    writer.execute(
        () -> {
          watch.close();
          try {
            channel.close();
            Files.deleteIfExists(path);
          } catch (IOException e) {
            log.warn("Cannot remove {}: {}", path, e.toString());
          }
        });
  }

  private void writeAppended(byte[] bytes) {
    if (failure.isEmpty()) {
      try {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          end += channel.write(rest, end);
        }
        bytesWritten.addAndGet(bytes.length);
        watch.written();
      } catch (IOException e) {
        fail(cannot("write", e));
      }
    }
    pendingBytes.addAndGet(-bytes.length);
  }

  /** In words for the client, who need not know where; that is for the log. */
  private String cannot(String what, IOException e) {
    log.warn("Cannot {} {}: {}", what, path, e.toString());
    String why = e instanceof FileSystemException ? e.getClass().getSimpleName() : e.getMessage();
    return "cannot " + what + " the file: " + why;
  }

  private void fail(String text) {
    if (failure.isEmpty()) {
      failure = Optional.of(text);
      failed.accept(text);
    }
  }

  private void write(byte[] bytes, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
  }

  private Finished settle(AudioEncoder encoder, Optional<Ending> whole, OptionalLong wanted) {
    Optional<String> trouble = failure;
    Ending ending = trouble.isEmpty() && whole.isPresent() ? whole.get() : encoder.cutAt(end);
    try {
      apply(ending);
      if (wanted.isPresent()) {
        ending = encoder.cutTo(wanted.getAsLong(), ending, channel);
        apply(ending);
      }
      channel.force(true);
    } catch (IOException e) {
      String text = cannot("finish", e);
      trouble = trouble.isPresent() ? trouble : Optional.of(text);
    }
    watch.close();
    try (channel) {
      long size = channel.size();
      return new Finished(ending.samples(), size, trouble);
    } catch (IOException e) {
      String text = cannot("finish", e);
      return new Finished(0, 0, Optional.of(trouble.orElse(text)));
    }
  }

  private void apply(Ending ending) throws IOException {
    channel.truncate(ending.sizeBytes());
    for (Patch patch : ending.patches()) {
      write(patch.bytes(), patch.offset());
    }
  }
}
