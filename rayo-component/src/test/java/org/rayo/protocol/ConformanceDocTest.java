package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/conformance.md and docs/reliability.md name must be there. */
class ConformanceDocTest {

  private static final Path ROOT = Path.of(System.getProperty("rayo.root", ".."));

  /** A class in back quotes, with the method that may follow it. */
  private static final Pattern NAMED = Pattern.compile("`([A-Z][a-z]\\w*)(?:#(\\w+))?`");

  /** A test's class, a method of it, or both. */
  private static final Pattern OF_A_TEST =
      Pattern.compile("`(?:([A-Z]\\w+(?:Test|Contract))|(?=#))(?:#(\\w+))?`");

  private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\|.*\\|$");

  @Test
  void document_everyClassAndTestNamed_exists() throws IOException {
    Map<String, Path> sources = sources();
    List<MatchResult> named = NAMED.matcher(document()).results().toList();
    assertThat(named).hasSizeGreaterThan(30);
    for (MatchResult name : named) {
      assertThat(sources.containsKey(name.group(1))).as("%s", name.group(1)).isTrue();
      if (name.group(2) != null) {
        assertThat(Files.readString(sources.get(name.group(1))))
            .as("%s", name.group(1))
            .contains("void " + name.group(2) + "(");
      }
    }
  }

  @Test
  void document_everyRowThatIsBuilt_namesItsClassAndTest() throws IOException {
    List<String> built =
        TABLE_ROW
            .matcher(document())
            .results()
            .map(MatchResult::group)
            .filter(row -> row.contains("| done |") || row.contains("| wire |"))
            .toList();
    assertThat(built).isNotEmpty();
    assertThat(built)
        .allSatisfy(
            row -> {
              List<String> names =
                  NAMED.matcher(row).results().map(result -> result.group(1)).toList();
              assertThat(names).anyMatch(name -> name.endsWith("Test"));
              assertThat(names).anyMatch(name -> !name.endsWith("Test"));
            });
  }

  /** A method without a class is one of the class before it. */
  @Test
  void reliability_everyTestNamed_exists() throws IOException {
    Map<String, Path> sources = sources();
    String page = Files.readString(ROOT.resolve("docs/reliability.md"));
    List<MatchResult> named = OF_A_TEST.matcher(page).results().toList();
    assertThat(named).hasSizeGreaterThan(50);
    String last = "";
    for (MatchResult name : named) {
      last = name.group(1) == null ? last : name.group(1);
      assertThat(sources.containsKey(last)).as("%s", last).isTrue();
      if (name.group(2) != null) {
        assertThat(Files.readString(sources.get(last)))
            .as("%s", last)
            .contains("void " + name.group(2) + "(");
      }
    }
  }

  private static String document() throws IOException {
    return Files.readString(ROOT.resolve("docs/conformance.md"));
  }

  /** The repository's Java files by the name of their class. */
  private static Map<String, Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> trees =
          modules.map(module -> module.resolve("src")).filter(Files::isDirectory).toList();
      return trees.stream()
          .flatMap(ConformanceDocTest::javaFiles)
          .collect(Collectors.toMap(ConformanceDocTest::className, file -> file, (a, b) -> a));
    }
  }

  private static Stream<Path> javaFiles(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String className(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }
}
