package org.rayo.notice;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one sink's queue. A notice is there once its file has its name, and lasts once the
 * directory is synced. Thread safe; blocks on the disk.
 */
final class QueueFiles {

  private static final Logger LOG = LoggerFactory.getLogger(QueueFiles.class);
  private static final String TORN = ".torn";

  private final Path directory;

  private QueueFiles(Path directory) {
    this.directory = directory;
  }

  /** Makes the directory where it is missing, and removes what a crash has left half written. */
  static QueueFiles open(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (DirectoryStream<Path> halves = Files.newDirectoryStream(directory, ".*")) {
      for (Path half : halves) {
        Files.delete(half);
      }
    }
    return new QueueFiles(directory);
  }

  /** What waits, the oldest first. */
  List<QueuedNotice> list() throws IOException {
    List<QueuedNotice> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        QueuedNotice.ofFileName(file.getFileName().toString()).ifPresent(found::add);
      }
    }
    found.sort(Comparator.comparingLong(QueuedNotice::sequence));
    return found;
  }

  /**
   * Writes a notice's file and syncs it, without its name. After a failure nothing is left.
   *
   * @param same where the same has been prepared for another sink: another name for it does
   * @return what was prepared
   */
  Path prepare(QueuedNotice notice, byte[] json, Optional<Path> same) throws IOException {
    Path half = half(notice);
    if (same.isPresent() && linked(half, same.get())) {
      return half;
    }
    try {
      SyncedFiles.write(half, json);
      return half;
    } catch (IOException e) {
      deleteQuietly(half, e);
      throw e;
    }
  }

  private static boolean linked(Path half, Path same) {
    try {
      Files.createLink(half, same);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("{} cannot be another name of {}", half, same, e);
      return false;
    }
  }

  /** Gives the file that was prepared its name. */
  void commit(QueuedNotice notice) throws IOException {
    Path half = half(notice);
    try {
      Files.move(half, file(notice), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteQuietly(half, e);
      throw e;
    }
  }

  private static void deleteQuietly(Path half, IOException why) {
    try {
      Files.deleteIfExists(half);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** Makes the names last. */
  void sync() throws IOException {
    SyncedFiles.syncDirectory(directory);
  }

  /** What a file holds. */
  byte[] read(QueuedNotice notice) throws IOException {
    return Files.readAllBytes(file(notice));
  }

  /** Not synced: after a power failure the notice may be there again, and is told again. */
  void remove(QueuedNotice notice) throws IOException {
    Files.deleteIfExists(file(notice));
  }

  /** Puts a file that holds no notice where it is seen by people only. */
  void setAside(QueuedNotice notice) throws IOException {
    Files.move(
        file(notice),
        directory.resolve(notice.fileName() + TORN),
        StandardCopyOption.REPLACE_EXISTING);
  }

  Path directory() {
    return directory;
  }

  private Path file(QueuedNotice notice) {
    return directory.resolve(notice.fileName());
  }

  private Path half(QueuedNotice notice) {
    return directory.resolve("." + notice.fileName());
  }
}
