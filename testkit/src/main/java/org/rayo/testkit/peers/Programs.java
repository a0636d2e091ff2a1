package org.rayo.testkit.peers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the programs of the peers. */
final class Programs {

  /** Where daemons are installed, which an ordinary user's PATH may leave out. */
  private static final List<String> SYSTEM_DIRECTORIES =
      List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

  /** No program, but a library of Python's. */
  private static final String SLIXMPP = "slixmpp";

  private Programs() {}

  /** The path of a program, if it is installed; of a library, that of who can run it. */
  static Optional<Path> find(String program) {
    if (program.equals(SLIXMPP)) {
      return Python.with(SLIXMPP);
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), SYSTEM_DIRECTORIES.stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * The path of a program.
   *
   * @throws IllegalStateException if it is not installed
   */
  static String require(String program) {
    return find(program)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    program + " is not installed; scripts/install-peers installs it"))
        .toString();
  }
}
