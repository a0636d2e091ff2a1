package org.rayo.media.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /**
   * What became of a file.
   *
   * @param whole false when it could not be made a finished file; nothing is known of it then
   */
  record Finished(long samples, long sizeBytes, Optional<String> failure, boolean whole) {

    static Finished whole(long samples, long sizeBytes, Optional<String> failure) {
      return new Finished(samples, sizeBytes, failure, true);
    }

    static Finished broken(String failure) {
      return new Finished(0, 0, Optional.of(failure), false);
    }
  }

  /**
   * What all files of a spool share.
   *
   * @param writer one thread
   * @param finishing where files are finished; may block
   * @param bytesWaiting appended, and neither written nor given up yet
   */
  record Shared(
      FileOpener opener,
      SpoolSync sync,
      Executor writer,
      Executor finishing,
      AtomicLong bytesWritten,
      AtomicLong bytesWaiting) {}

  private static final Logger log = LoggerFactory.getLogger(SpoolFile.class);

  private static final String TOO_SLOW = "the disk is too slow";

  private final Path path;
  private final FileChannel channel;
  private final SpoolSync.Watch watch;
  private final Shared shared;
  private final Executor writer;
  private final int mostPendingBytes;
  private final Consumer<String> failed;
  private final AtomicInteger pendingBytes = new AtomicInteger();
  private final AtomicBoolean behind = new AtomicBoolean();
  private volatile boolean abandoned;
  private long end;
  private Optional<String> failure = Optional.empty();

  private SpoolFile(
      Path path,
      FileChannel channel,
      SpoolSync.Watch watch,
      Shared shared,
      int mostPendingBytes,
      Consumer<String> failed) {
    this.path = path;
    this.channel = channel;
    this.watch = watch;
    this.shared = shared;
    writer = shared.writer();
    this.mostPendingBytes = mostPendingBytes;
    this.failed = failed;
  }

  /**
   * On the writer's thread.
   *
   * @param mostPendingBytes more than this, waiting for the disk, is no longer a slow disk but a
   *     failed one
   */
  static SpoolFile create(Path path, Shared shared, int mostPendingBytes, Consumer<String> failed)
      throws IOException {
    FileChannel channel = shared.opener().open(path);
    SpoolSync.Watch watch = shared.sync().watch(channel);
    return new SpoolFile(path, channel, watch, shared, mostPendingBytes, failed);
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
    if (pendingBytes.addAndGet(bytes.length) > mostPendingBytes) {
      behind.set(true);
      writer.execute(() -> fail(TOO_SLOW));
      failed.accept(TOO_SLOW);
      return;
    }
    shared.bytesWaiting().addAndGet(bytes.length);
    writer.execute(() -> writeAppended(bytes));
  }

  /**
   * Tells, on the pool, whether all that was appended so far could be written.
   *
   * @param done what went wrong, if anything
   */
  void whenWritten(Consumer<Optional<String>> done) {
    writer.execute(
        () -> {
          Optional<String> soFar = failure;
          shared.finishing().execute(() -> done.accept(soFar));
        });
  }

  /** Rewrites what was appended before. */
  void patch(Patch patch) {
    writer.execute(
        () -> {
          if (failure.isEmpty()) {
            try {
              write(patch.bytes(), patch.offset());
            } catch (IOException | RuntimeException e) {
              fail(cannot("write", e));
            }
          }
        });
  }

  /**
   * Makes it a finished file, syncs and closes it. However long the disk takes, {@code done} is
   * called after that and once, whatever happens.
   *
   * @param encoder left alone by everybody else from now on
   * @param ending how the encoder ended it; applies when all bytes could be written
   * @param wanted samples to which it is cut afterwards, if it plays more
   * @param done hears of it, on the pool
   */
  void finish(
      AudioEncoder encoder, Optional<Ending> ending, OptionalLong wanted, Consumer<Finished> done) {
    writer.execute(
        () -> shared.finishing().execute(() -> done.accept(settle(encoder, ending, wanted))));
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

  /**
   * Leaves it to others, as it is: but for what the disk has begun already, nothing is written into
   * it any more. From any thread; never blocks.
   */
  void abandon() {
    abandoned = true;
  }

  /** Asked before everything that changes the file. */
  private void requireOurs() throws IOException {
    if (abandoned) {
      throw new IOException("it has been left to others");
    }
  }

  private void writeAppended(byte[] bytes) {
    if (failure.isEmpty()) {
      try {
        requireOurs();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          end += channel.write(rest, end);
        }
        shared.bytesWritten().addAndGet(bytes.length);
        watch.written();
      } catch (IOException | RuntimeException e) {
        fail(cannot("write", e));
      }
    }
    pendingBytes.addAndGet(-bytes.length);
    shared.bytesWaiting().addAndGet(-bytes.length);
  }

  /** In words for the client, who need not know where; that is for the log. */
  private String cannot(String what, Exception e) {
    if (e instanceof IOException) {
      log.warn("Cannot {} {}: {}", what, path, e.toString());
      String why = e instanceof FileSystemException ? e.getClass().getSimpleName() : e.getMessage();
      return "cannot " + what + " the file: " + why;
    }
    log.error("Cannot {} {}", what, path, e);
    return "cannot " + what + " the file";
  }

  private void fail(String text) {
    if (failure.isEmpty()) {
      failure = Optional.of(text);
      failed.accept(text);
    }
  }

  private void write(byte[] bytes, long position) throws IOException {
    requireOurs();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
  }

  private Finished settle(AudioEncoder encoder, Optional<Ending> whole, OptionalLong wanted) {
    try (channel;
        watch) {
      return settled(encoder, whole, wanted);
    } catch (IOException | RuntimeException e) {
      String text = cannot("finish", e);
      return Finished.broken(failure.orElse(text));
    } catch (Error e) {
      log.error("Cannot finish {}", path, e);
      return Finished.broken(failure.orElse("cannot finish the file"));
    }
  }

  private Finished settled(AudioEncoder encoder, Optional<Ending> whole, OptionalLong wanted)
      throws IOException {
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
    return Finished.whole(ending.samples(), channel.size(), trouble);
  }

  private void apply(Ending ending) throws IOException {
    requireOurs();
    channel.truncate(ending.sizeBytes());
    for (Patch patch : ending.patches()) {
      write(patch.bytes(), patch.offset());
    }
  }
}
