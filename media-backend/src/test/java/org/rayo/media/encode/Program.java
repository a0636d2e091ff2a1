package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A program of the system that reads audio files, if it is installed. */
final class Program {

  /** What it said, on both streams, and its exit status. */
  record Result(int status, String said) {}

  private static final Set<String> MISSING = ConcurrentHashMap.newKeySet();

  private Program() {}

  /** Whether it is there; says so, once, when not. */
  static boolean isThere(String name) {
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return true;
      }
    }
    if (MISSING.add(name)) {
      System.out.println("SKIPPED: " + name + " is not installed, it does not check the files");
    }
    return false;
  }

  static Result run(Path directory, String... command) throws Exception {
    Path said = Files.createTempFile(directory, "said", ".txt");
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
    Result result = new Result(process.exitValue(), Files.readString(said));
    Files.delete(said);
    return result;
  }

  /** Fails when it does not accept the file in silence. */
  static void acceptsSilently(Path directory, String... command) throws Exception {
    Result result = run(directory, command);
    assertThat(result.said()).as(String.join(" ", command)).isBlank();
    assertThat(result.status()).as(String.join(" ", command)).isZero();
  }
}
