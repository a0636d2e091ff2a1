package org.rayo.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a server has in its spool. */
final class Spooled {

  private Spooled() {}

  /** Recordings, calls and news that somebody has yet to be told of; what is being removed too. */
  static List<Path> in(Path spool) throws IOException {
    try (Stream<Path> files = Files.walk(spool)) {
      return files
          .filter(file -> Files.isRegularFile(file) || isOfARecording(spool, file))
          .filter(file -> !file.getFileName().toString().equals(".lock"))
          .toList();
    } catch (UncheckedIOException goneMeanwhile) {
      return List.of(spool);
    }
  }

  private static boolean isOfARecording(Path spool, Path file) {
    return spool.equals(file.getParent()) && !file.getFileName().toString().startsWith(".");
  }
}
