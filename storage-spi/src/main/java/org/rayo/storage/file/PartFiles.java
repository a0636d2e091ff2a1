package org.rayo.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of files that are not whole yet: {@code .parts/<run>-<n>.part} within the store's
 * directory. As long as a run lives it holds a lock on {@code .parts/<run>.lock}; the parts of a
 * run whose lock is free are left over from a crash. So a check beside a running server takes
 * nothing away from it. Thread-safe.
 */
final class PartFiles implements AutoCloseable {

  /** No key may begin with this segment. */
  static final String DIRECTORY = ".parts";

  private static final Logger log = LoggerFactory.getLogger(PartFiles.class);

  private final Path directory;
  private final String run;
  private final FileChannel lock;
  private long next;

  private PartFiles(Path directory, String run, FileChannel lock) {
    this.directory = directory;
    this.run = run;
    this.lock = lock;
  }

  /** Begins a run. */
  static PartFiles open(Path storeDirectory) throws IOException {
    Path directory = storeDirectory.resolve(DIRECTORY);
    while (true) {
      String run = UUID.randomUUID().toString();
      Files.createDirectories(directory);
      Path lockFile = directory.resolve(run + ".lock");
      FileChannel channel;
      try {
        channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (NoSuchFileException e) {
        continue; // another store closed just now and took the empty directory with it
      }
      // Between creating and locking, a sweep may have taken the file for a left-over.
      if (locked(channel) && Files.exists(lockFile)) {
        return new PartFiles(directory, run, channel);
      }
      channel.close();
    }
  }

  /** A name that no other upload has. */
  synchronized Path next() {
    next++;
    return directory.resolve(run + "-" + next + ".part");
  }

  /** Removes what crashed runs left. */
  static void sweep(Path storeDirectory) throws IOException {
    Path directory = storeDirectory.resolve(DIRECTORY);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> locks = Files.newDirectoryStream(directory, "*.lock")) {
      for (Path lockFile : locks) {
        sweepRun(directory, lockFile);
      }
    }
    deleteIfEmpty(directory);
  }

  private static void sweepRun(Path directory, Path lockFile) throws IOException {
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
      if (locked(channel)) {
        int removed = deleteParts(directory, run(lockFile));
        Files.deleteIfExists(lockFile);
        if (removed > 0) {
          log.info("removed {} unfinished files of an earlier run from {}", removed, directory);
        }
      }
    } catch (NoSuchFileException e) {
      log.debug("{} was removed by its owner meanwhile", lockFile);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by another store of this JVM
    }
  }

  private static String run(Path lockFile) {
    String name = lockFile.getFileName().toString();
    return name.substring(0, name.length() - ".lock".length());
  }

  private static int deleteParts(Path directory, String run) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, run + "-*.part")) {
      for (Path part : parts) {
        if (Files.deleteIfExists(part)) {
          removed++;
        }
      }
    }
    return removed;
  }

  private static void deleteIfEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
      if (left.iterator().hasNext()) {
        return;
      }
    }
    try {
      Files.deleteIfExists(directory);
    } catch (java.nio.file.DirectoryNotEmptyException e) {
      log.debug("{} is in use again", directory);
    }
  }

  /** Ends the run; its uploads have been aborted or finished. */
  @Override
  public void close() {
    try {
      deleteParts(directory, run);
      Files.deleteIfExists(directory.resolve(run + ".lock"));
      lock.close();
      deleteIfEmpty(directory);
    } catch (NoSuchFileException e) {
      log.debug("{} has gone already", directory);
    } catch (IOException e) {
      log.warn("cannot remove the unfinished files in {}", directory, e);
    }
  }
}
