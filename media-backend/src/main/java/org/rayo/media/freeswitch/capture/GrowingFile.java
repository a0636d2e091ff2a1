package org.rayo.media.freeswitch.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rayo.media.audio.SampleRing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stereo wav file that FreeSWITCH writes, read as it grows by a thread that may wait for the
 * disk, and taken from here by the media thread, which may not.
 */
final class GrowingFile {

  private static final Logger log = LoggerFactory.getLogger(GrowingFile.class);

  private static final int CHANNELS = 2;
  private static final int FRAME_BYTES = 2 * CHANNELS;
  private static final int LOOK_MILLIS = 10;
  private static final int CAPACITY = 1 << 13;
  private static final int PIECE = 1600;

  /** The file may be closed so long after the end of the call. */
  private static final long CLOSING_NANOS = 500_000_000L;

  private final Path path;
  private final int sampleRateHz;
  private final Consumer<IOException> failed;
  private final SampleRing said = new SampleRing(CAPACITY);
  private final SampleRing heard = new SampleRing(CAPACITY);
  private final ScheduledExecutorService readers;

  // The reader's.
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(PIECE * FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final short[] left = new short[PIECE];
  private final short[] right = new short[PIECE];
  private Optional<FileChannel> channel = Optional.empty();
  private long start;
  private long position;
  private boolean over;

  // From the reader to the media thread.
  private volatile boolean closed;

  // From the media thread to the reader.
  private volatile long finishNanos;
  private volatile Optional<Runnable> finished = Optional.empty();
  private volatile boolean discarded;

  /**
   * Begins to read.
   *
   * @param failed told once, by the reader, when the file cannot be read
   */
  GrowingFile(
      Path path, int sampleRateHz, ScheduledExecutorService readers, Consumer<IOException> failed) {
    this.path = path;
    this.sampleRateHz = sampleRateHz;
    this.failed = failed;
    this.readers = readers;
    lookSoon();
  }

  Path path() {
    return path;
  }

  /** Samples of each side that can be taken. For the media thread. */
  int available() {
    // What is heard is written last.
    return heard.size();
  }

  /** Whether FreeSWITCH has closed it: no more will be written. */
  boolean isClosed() {
    return closed;
  }

  /** Takes so many, which must be available. For the media thread. */
  void take(short[] send, short[] recv, int length) {
    int unused = said.read(send, length);
    int unusedToo = heard.read(recv, length);
  }

  /**
   * No more will be written, or soon no more.
   *
   * @param then told by the reader when everything that was written can be taken; the file is
   *     deleted then
   */
  void finish(Runnable then) {
    finishNanos = System.nanoTime();
    finished = Optional.of(then);
  }

  /** It is not needed any more, and is deleted. */
  void discard() {
    discarded = true;
  }

  private void lookSoon() {
    try {
      Future<?> unused = readers.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      log.debug("{} is read no more", path);
    }
  }

  private void look() {
    try {
      read();
    } catch (IOException e) {
      end();
      failed.accept(e);
    } catch (RuntimeException e) { // the top of a thread
      log.error("{} cannot be read", path, e);
      end();
      failed.accept(new IOException(e));
    }
    if (!over) {
      lookSoon();
    }
  }

  private void read() throws IOException {
    if (discarded) {
      end();
      return;
    }
    Optional<Runnable> then = finished;
    boolean late = then.isPresent() && System.nanoTime() - finishNanos > CLOSING_NANOS;
    if (channel.isPresent() || open()) {
      boolean all = readOn();
      if (then.isPresent() && (all || late)) {
        end();
        then.get().run();
      }
    } else if (late) {
      end();
      then.get().run();
    }
  }

  private boolean open() throws IOException {
    FileChannel opened;
    try {
      opened = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return false;
    }
    Optional<WavHeader> header = Optional.empty();
    try {
      header = WavHeader.read(opened, CHANNELS, sampleRateHz);
    } finally {
      if (header.isEmpty()) {
        opened.close();
      }
    }
    header.ifPresent(
        known -> {
          channel = Optional.of(opened);
          start = known.start();
          position = start;
        });
    return header.isPresent();
  }

  /**
   * Reads what there is, as far as there is room for it.
   *
   * @return whether the file has been closed, and all of it has been read
   */
  private boolean readOn() throws IOException {
    FileChannel file = channel.orElseThrow();
    // Taken before the size of the file: what follows the samples is written when it is closed.
    long end = Long.MAX_VALUE;
    long size = sizeInHeader(file);
    if (size > 0) {
      closed = true;
      end = start + size;
    }
    end = Math.min(end, file.size());
    while (end - position >= FRAME_BYTES) {
      long room = Math.min(PIECE, said.capacity() - said.size());
      int count = (int) Math.min(room, (end - position) / FRAME_BYTES);
      bytes.clear().limit(count * FRAME_BYTES);
      int read = file.read(bytes, position);
      if (count == 0 || read < FRAME_BYTES) {
        return false;
      }
      bytes.flip();
      pass(read / FRAME_BYTES);
    }
    return closed;
  }

  private long sizeInHeader(FileChannel file) throws IOException {
    bytes.clear().limit(4);
    return file.read(bytes, start - 4) < 4 ? 0 : Integer.toUnsignedLong(bytes.getInt(0));
  }

  private void pass(int count) {
    for (int i = 0; i < count; i++) {
      left[i] = bytes.getShort();
      right[i] = bytes.getShort();
    }
    boolean unused = said.write(left, count);
    boolean unusedToo = heard.write(right, count);
    position += (long) count * FRAME_BYTES;
  }

  private void end() {
    over = true;
    try {
      if (channel.isPresent()) {
        channel.get().close();
      }
      boolean was = Files.deleteIfExists(path);
      log.debug("{} is read, {}", path, was ? "and deleted" : "and was not there");
    } catch (IOException e) {
      log.warn("{} cannot be deleted", path, e);
    }
  }
}
