package org.rayo.server.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;

/** What is left of a round. */
final class Evidence {

  private Evidence() {}

  /**
   * Writes down what clients received, and saves a spool that will vanish with its disk; logs and
   * everything else lie in the directory already.
   */
  static void keep(Path directory, List<RayoClient> clients, Optional<Path> spool)
      throws IOException {
    for (RayoClient client : clients) {
      Files.writeString(
          directory.resolve(client.jid().replaceAll(".*/", "") + ".received"),
          client.received().stream()
              .map(Received::xml)
              .collect(Collectors.joining("\n", "", "\n")));
    }
    if (spool.isPresent()) {
      copy(spool.get(), directory.resolve("spool-of-small-disk"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : FileTree.files(from)) {
      Path copy = to.resolve(from.relativize(file));
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  /** Removes a directory with all that is in it, if it is there. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
