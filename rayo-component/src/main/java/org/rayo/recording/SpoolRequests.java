package org.rayo.recording;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person asks of the server that has the spool, or of the next that will: a file for each in
 * a directory of the spool. Blocks.
 */
public final class SpoolRequests {

  private final Path directory;

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

  /** The recordings that are to be delivered again; each is told once. */
  List<String> taken() throws IOException {
    List<String> taken = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          if (Files.isRegularFile(file)) {
            Files.delete(file);
            taken.add(file.getFileName().toString());
          }
        }
      }
    }
    return taken;
  }
}
