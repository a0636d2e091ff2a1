package org.rayo.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second server off a spool, whose running recordings it would take for those of a crash.
 * The system gives it back when the process ends, however it ends.
 */
final class SpoolLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolLock.class);
  private static final String NAME = ".lock";

  private final FileChannel channel;

  private SpoolLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the spool.
   *
   * @throws JournalException when another server has it
   */
  static SpoolLock of(Path spool) throws IOException, JournalException {
    FileChannel channel =
        FileChannel.open(spool.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        writePid(channel);
        return new SpoolLock(channel);
      }
    } catch (OverlappingFileLockException inThisProcess) {
      // As good as another process.
    }
    channel.close();
    throw new JournalException(
        "the spool directory " + spool + " is in use by another server; each needs its own");
  }

  /** For whoever looks; a full disk must not keep a server from starting. */
  private static void writePid(FileChannel channel) {
    String pid = Long.toString(ProcessHandle.current().pid());
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      LOG.warn("the spool does not say which process has it: {}", e.toString());
    }
  }

  /** The process that has the spool, if it still runs. */
  static Optional<Long> holder(Path spool) {
    try {
      long pid = Long.parseLong(Files.readString(spool.resolve(NAME)).strip());
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(ProcessHandle::pid);
    } catch (IOException | NumberFormatException nobody) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.truncate(0);
    }
    channel.close();
  }
}
