package org.rayo.notice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.rayo.config.NoticesConfig.Jobs;
import org.rayo.storage.NameTemplate;
import org.rayo.storage.RecordingFacts;

/**
 * A directory in which every notice becomes a file, for programs that wait for files. A file
 * appears whole, by being renamed, and is never overwritten: where the name is taken by another
 * notice, a number is added to it. Thread safe, for different notices.
 */
final class JobDirectory implements Sink {

  private static final String EXTENSION = ".json";

  /** Made in the place of the extension: no name of a template ends in .json. */
  private static final String STAND_IN = ".jobs";

  private static final int LONGEST_SEGMENT = 255;
  private static final int MOST_OF_ONE_NAME = 1000;
  private static final long LARGEST_NOTICE_BYTES = 4 << 20;

  private final Path directory;
  private final NameTemplate name;

  JobDirectory(Path directory, NameTemplate name) {
    this.directory = directory.toAbsolutePath().normalize();
    this.name = name;
  }

  @Override
  public Outcome tell(Notice notice, byte[] json) {
    // The same name whenever this is told again: a crash leaves at most one such file, for a while.
    String half = "." + UUID.nameUUIDFromBytes(notice.id().getBytes(StandardCharsets.UTF_8));
    Path temporary = directory.resolve(half);
    try {
      boolean made = makeDirectory(directory);
      try {
        SyncedFiles.write(temporary, json);
        return place(notice, temporary, made);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      return Outcome.later("cannot be written: " + e);
    }
  }

  private static boolean makeDirectory(Path wanted) throws IOException {
    boolean missing = !Files.isDirectory(wanted);
    Files.createDirectories(wanted);
    return missing;
  }

  private Outcome place(Notice notice, Path temporary, boolean directoryMade) throws IOException {
    String named = name.name(facts(notice));
    Path first =
        directory.resolve(named.substring(0, named.length() - STAND_IN.length()) + EXTENSION);
    Path parent = Optional.ofNullable(first.getParent()).orElse(directory);
    boolean made = makeDirectory(parent) || directoryMade;
    if (!rename(notice, temporary, first)) {
      return Outcome.later("has " + MOST_OF_ONE_NAME + " files of one name already: " + first);
    }
    SyncedFiles.syncDirectory(parent);
    if (made) {
      syncUpwards(parent);
    }
    return Outcome.TOLD;
  }

  /** One at a time: between seeing that a name is free and taking it nobody else may take it. */
  private synchronized boolean rename(Notice notice, Path temporary, Path first)
      throws IOException {
    for (int number = 1; number <= MOST_OF_ONE_NAME; number++) {
      Path file = numbered(first, number);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        return true;
      }
      if (holds(file, notice)) {
        // Written before a crash, which came before its end in the queue.
        return true;
      }
    }
    return false;
  }

  private static RecordingFacts facts(Notice notice) {
    Map<String, String> meta = new HashMap<>(notice.meta());
    meta.put(Jobs.FORMAT_META, notice.format());
    return new RecordingFacts(
        notice.recordingId(),
        notice.callId(),
        notice.componentId(),
        false,
        notice.client(),
        notice.from(),
        notice.to(),
        STAND_IN.substring(1),
        notice.startedAt(),
        // The same whenever this is told again.
        UUID.nameUUIDFromBytes(notice.recordingId().getBytes(StandardCharsets.UTF_8)),
        Optional.empty(),
        meta);
  }

  private static Path numbered(Path first, int number) {
    if (number == 1) {
      return first;
    }
    String whole = first.getFileName().toString();
    String stem = whole.substring(0, whole.length() - EXTENSION.length());
    String end = "-" + number + EXTENSION;
    int kept = Math.min(stem.length(), LONGEST_SEGMENT - end.length());
    return first.resolveSibling(stem.substring(0, kept) + end);
  }

  private static boolean holds(Path file, Notice notice) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) <= LARGEST_NOTICE_BYTES
          && NoticeJson.read(Files.readAllBytes(file)).id().equals(notice.id());
    } catch (IOException e) {
      return false;
    }
  }

  /** Directories that were made have names too, the job directory among them. */
  private void syncUpwards(Path made) throws IOException {
    Optional<Path> above = Optional.of(made);
    while (above.filter(path -> path.startsWith(directory)).isPresent()) {
      above = above.map(Path::getParent);
      if (above.isPresent()) {
        SyncedFiles.syncDirectory(above.get());
      }
    }
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}
