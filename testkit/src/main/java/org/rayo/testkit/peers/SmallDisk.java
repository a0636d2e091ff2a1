package org.rayo.testkit.peers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file system of some MiB, in memory, that can be filled to the last byte. Needs to be root, on
 * Linux.
 */
public final class SmallDisk implements AutoCloseable {

  private static final String FILLER = ".filler";
  private static final int PAGE = 4096;
  private static final Set<SmallDisk> MOUNTED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> MOUNTED.forEach(SmallDisk::unmount), "small-disks"));
  }

  private final Path directory;
  private final long sizeBytes;

  private SmallDisk(Path directory, long sizeBytes) {
    this.directory = directory;
    this.sizeBytes = sizeBytes;
  }

  /**
   * Mounts one on a directory, which is made if it is not there.
   *
   * @return empty where this may not be done
   */
  public static Optional<SmallDisk> mount(Path directory, int mebibytes) {
    if (Programs.find("mount").isEmpty() || Programs.find("umount").isEmpty()) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    MediaTools.Output mounted =
        MediaTools.run(
            List.of(
                "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", "" + directory));
    if (mounted.exitCode() != 0) {
      return Optional.empty();
    }
    SmallDisk disk = new SmallDisk(directory, mebibytes * 1024L * 1024L);
    MOUNTED.add(disk);
    return Optional.of(disk);
  }

  /** Takes all space that is left but this much. */
  public void fill(long bytesLeft) throws IOException {
    if (directory.toFile().getTotalSpace() > sizeBytes) {
      throw new IllegalStateException(directory + " is no small disk any more");
    }
    byte[] page = new byte[PAGE];
    try (RandomAccessFile filler = new RandomAccessFile(filler().toFile(), "rw")) {
      filler.seek(filler.length());
      while (directory.toFile().getUsableSpace() > bytesLeft) {
        filler.write(page);
      }
    } catch (IOException e) {
      if (directory.toFile().getUsableSpace() > bytesLeft + PAGE) {
        throw e;
      }
      // Somebody else took the last of it.
    }
  }

  /** Gives the space back. */
  public void free() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return directory.resolve(FILLER);
  }

  /** Unmounts what a run that was killed has left on a directory, if there is something. */
  public static void unmountLeftOver(Path directory) {
    if (Programs.find("umount").isPresent() && Files.exists(directory)) {
      MediaTools.run(List.of("umount", "-l", "" + directory));
    }
  }

  private void unmount() {
    unmountLeftOver(directory);
    MOUNTED.remove(this);
  }

  @Override
  public void close() {
    unmount();
  }
}
