package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The examples of the XEPs: one file for each, in the directory in the environment's {@code
 * RAYO_XEP_EXAMPLES}; where there is none, tests of them are skipped, but not in CI.
 */
public final class XepExamples {

  private static final Path DIRECTORY =
      Path.of(
          Optional.ofNullable(System.getenv("RAYO_XEP_EXAMPLES"))
              .orElse(System.getProperty("rayo.root", ".") + "/../shared/rayo/examples"));

  private XepExamples() {}

  /** Skips the test where there are no examples. */
  public static void require() {
    if (Files.isDirectory(DIRECTORY)) {
      return;
    }
    String reason = "the examples of XEP-0327 are not in " + DIRECTORY + " (RAYO_XEP_EXAMPLES)";
    System.out.println("skipped: " + reason);
    assertThat(System.getenv("CI")).as("CI, where %s", reason).isNotEqualTo("true");
    assumeTrue(false, reason);
  }

  /** All names, such as {@code xep-0327-support-01}, sorted. */
  public static List<String> names() {
    try (Stream<Path> all = Files.list(DIRECTORY)) {
      return all.map(file -> file.getFileName().toString().replace(".xml", "")).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** What stands in the example of this name, with a comment that says what it is. */
  public static String text(String name) {
    try {
      return Files.readString(DIRECTORY.resolve(name + ".xml"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
