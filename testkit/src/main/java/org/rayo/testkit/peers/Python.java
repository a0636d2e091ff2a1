package org.rayo.testkit.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds an interpreter of Python that has a module: the first of PATH need not be the system's. */
public final class Python {

  private static final int PATIENCE_SECONDS = 30;

  private Python() {}

  /** The interpreter that has slixmpp, an XMPP library. */
  public static Path withSlixmpp() {
    return with("slixmpp")
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "slixmpp is not installed; scripts/install-peers installs it"));
  }

  static Optional<Path> with(String module) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/bin"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "python3"))
        .filter(Files::isExecutable)
        .filter(python -> has(python, module))
        .findFirst();
  }

  private static boolean has(Path python, String module) {
    try {
      Process process =
          new ProcessBuilder(python.toString(), "-c", "import " + module)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
