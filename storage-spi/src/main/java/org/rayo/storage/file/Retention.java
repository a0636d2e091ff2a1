package org.rayo.storage.file;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.RecordingFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes recordings that have been kept for long enough, every hour. A recording is a file with a
 * sidecar, {@code <name>.json}, beside it; all else in the directory is somebody's who knows why.
 * The age is that of the younger of both. A directory that this leaves empty goes too. Never
 * follows a link, and never looks into {@code .parts}.
 */
final class Retention implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration EVERY = Duration.ofHours(1);

  private final Path directory;
  private final Duration keep;
  private final Clock clock;
  private final Lock removal;
  private final ScheduledThreadPoolExecutor thread;

  /**
   * Nothing is done before {@link #start}.
   *
   * @param removal held while an empty directory is removed: nobody makes a file in it then
   */
  Retention(Path directory, Duration keep, Clock clock, Lock removal) {
    this.directory = directory;
    this.keep = keep;
    this.clock = clock;
    this.removal = removal;
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread sweeper = new Thread(task, "rayo-file-store-sweep");
              sweeper.setDaemon(true);
              return sweeper;
            });
  }

  /** The first sweep is in a minute. */
  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::sweepAndTell, FIRST.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
  }

  /** What it throws would end all later sweeps. */
  private void sweepAndTell() {
    try {
      int removed = sweep();
      if (removed > 0) {
        log.info("removed {} recordings older than {} from {}", removed, keep, directory);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("cannot look for recordings older than {} in {}", keep, directory, e);
    }
  }

  /** Removes what is too old now, and tells how many recordings that were. */
  int sweep() throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    Sweep sweep = new Sweep(directory.toRealPath(), clock.instant().minus(keep));
    Files.walkFileTree(sweep.root, sweep);
    return sweep.removed;
  }

  private final class Sweep extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Instant before;
    private final Set<Path> thinned = new HashSet<>();
    private int removed;

    Sweep(Path root, Instant before) {
      this.root = root;
      this.before = before;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
      return visited.equals(root.resolve(PartFiles.DIRECTORY)) || thread.isShutdown()
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = file.getFileName().toString();
      boolean recording = attributes.isRegularFile() && !name.endsWith(RecordingFile.SIDECAR_END);
      if (recording && attributes.lastModifiedTime().toInstant().isBefore(before)) {
        try {
          remove(file, file.resolveSibling(name + RecordingFile.SIDECAR_END));
        } catch (IOException e) {
          log.warn("cannot remove {}, which has been kept for {}", file, keep, e);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    private void remove(Path recording, Path sidecar) throws IOException {
      BasicFileAttributes described;
      try {
        described =
            Files.readAttributes(sidecar, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      } catch (NoSuchFileException e) {
        return; // not a recording, or one whose sidecar is still to come
      }
      if (described.isRegularFile() && described.lastModifiedTime().toInstant().isBefore(before)) {
        // The recording first: without its sidecar it would be kept for ever.
        Files.deleteIfExists(recording);
        Files.deleteIfExists(sidecar);
        removed++;
        thinned.add(recording.getParent());
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      log.debug("{} has gone, or cannot be looked at", file, e);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) {
      if (!visited.equals(root) && thinned.contains(visited) && removeIfEmpty(visited)) {
        thinned.add(visited.getParent());
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean removeIfEmpty(Path emptied) {
      removal.lock();
      try {
        Files.delete(emptied);
        return true;
      } catch (DirectoryNotEmptyException e) {
        return false;
      } catch (IOException e) {
        log.warn("cannot remove the empty directory {}", emptied, e);
        return false;
      } finally {
        removal.unlock();
      }
    }
  }

  /** Ends the sweeps; one under way ends with the directory that it is in. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
