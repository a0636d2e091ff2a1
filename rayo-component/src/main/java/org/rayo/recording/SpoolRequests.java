package org.rayo.recording;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person asks of the server that has the spool, or of the next that will: a file for each in
 * a directory of the spool. Blocks.
 */
public final class SpoolRequests {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolRequests.class);

  private final Path directory;
  private final Set<Path> complained = new HashSet<>();

  /**
   * @param spool its directory
   */
  public SpoolRequests(Path spool) {
    directory = spool.resolve(".requests");
  }

  /** Asks that a recording's stores be asked again. */
  public void redeliver(String recordingId) throws IOException {
    if (!Manifest.isId(recordingId)) {
      throw new IllegalArgumentException("'" + recordingId + "' is no recording's id");
    }
    Files.createDirectories(directory);
    Files.write(directory.resolve(recordingId), new byte[0]);
  }

  /** Makes the directory, as the server's user, before anybody else does as another. */
  void prepare() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      LOG.warn("{} cannot be made: {}", directory, e.toString());
    }
  }

  /** The recordings that are to be delivered again; each is told once. */
  List<String> taken() throws IOException {
    List<String> taken = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          if (Files.isRegularFile(file) && removed(file)) {
            taken.add(file.getFileName().toString());
          }
        }
      }
    }
    return taken;
  }

  private boolean removed(Path file) {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      if (complained.add(file)) {
        LOG.error("{} cannot be removed, so it is not done: {}", file, e.toString());
      }
      return false;
    }
  }
}
