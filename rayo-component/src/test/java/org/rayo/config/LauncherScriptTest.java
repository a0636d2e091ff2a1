package org.rayo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs ./rayo in a tree of stand-ins: a java and a mvn that only say how they were called. */
final class LauncherScriptTest {

  private static final String JAVA =
      """
      #!/bin/bash
      if [ "$1" = -version ] || [ "$2" = -version ]; then
        echo 'openjdk version "%s" 2026-01-01' >&2
      else
        echo "pid=$$"
        printf '<%%s>\\n' "$@"
      fi
      """;

  private static final String MAVEN =
      """
      #!/bin/bash
      echo "compiling"
      echo x >> built-times
      mkdir -p examples/target/rayo/lib
      """;

  private record Outcome(int exit, String output, long pid) {}

  @TempDir Path scratch;

  private Path home;
  private Path bin;

  @BeforeEach
  void makeTree() throws IOException {
    home = Files.createDirectories(scratch.resolve("a tree with spaces"));
    bin = Files.createDirectories(scratch.resolve("bin"));
    Files.copy(Path.of(System.getProperty("rayo.root"), "rayo"), home.resolve("rayo"));
    executable(home.resolve("rayo"), Files.readString(home.resolve("rayo")));
    List<String> tools =
        List.of(
            "bash",
            "env",
            "dirname",
            "readlink",
            "sed",
            "head",
            "find",
            "mktemp",
            "cat",
            "rm",
            "mv",
            "mkdir");
    for (String tool : tools) {
      Path usual = Path.of("/usr/bin", tool);
      Path real = Files.exists(usual) ? usual : Path.of("/bin", tool);
      executable(bin.resolve(tool), "#!/bin/bash\nexec " + real + " \"$@\"\n");
    }
    executable(bin.resolve("java"), JAVA.formatted("17.0.15"));
    executable(bin.resolve("mvn"), MAVEN);
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Outcome run(Path script, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    Path output = scratch.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("TMPDIR", scratch.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), Files.readString(output), process.pid());
  }

  private Outcome run(String... arguments) throws Exception {
    return run(home.resolve("rayo"), Map.of(), arguments);
  }

  private void makeDistribution() throws IOException {
    Files.createDirectory(home.resolve("lib"));
  }

  private void makeSources() throws IOException {
    Files.createDirectories(home.resolve("examples"));
    Files.writeString(home.resolve("examples/pom.xml"), "<project/>");
  }

  private long builds() throws IOException {
    Path times = home.resolve("built-times");
    return Files.exists(times) ? Files.readAllLines(times).size() : 0;
  }

  @Test
  void distribution_throughALinkFromElsewhere_runsJavaInItsPlace() throws Exception {
    makeDistribution();
    Path link = Files.createSymbolicLink(scratch.resolve("link"), home.resolve("rayo"));

    Outcome outcome =
        run(link, Map.of("RAYO_JAVA_OPTS", "-Xmx1g -Da=b"), "serve", "--config", "my file");

    assertThat(outcome.exit()).isZero();
    assertThat(outcome.output())
        .contains("pid=" + outcome.pid() + "\n")
        .contains("<-XX:+UseG1GC>")
        .contains("<-Xmx1g>\n<-Da=b>\n<-cp>\n<" + home.toRealPath() + "/lib/*>\n")
        .endsWith("<org.rayo.examples.RayoLauncher>\n<serve>\n<--config>\n<my file>\n")
        .doesNotContain("native-access", "rayo.color");
  }

  @ParameterizedTest
  @CsvSource({"xterm, '', true", "xterm, 1, false", "dumb, '', false"})
  void terminal_thatCanShowThem_getsColours(String term, String noColor, boolean coloured)
      throws Exception {
    Path script = Path.of("/usr/bin/script");
    assumeTrue(Files.isExecutable(script), "there is no " + script + " to make a terminal");
    makeDistribution();
    Path wrapper = scratch.resolve("on-a-terminal");
    executable(
        wrapper,
        "#!/bin/bash\nexec "
            + script
            + " -qec \"'"
            + home.resolve("rayo")
            + "' demo\" /dev/null\n");

    Outcome outcome = run(wrapper, Map.of("TERM", term, "NO_COLOR", noColor, "SHELL", "/bin/bash"));

    assertThat(outcome.output()).contains("<demo>");
    assertThat(outcome.output().contains("<-Drayo.color=always>")).isEqualTo(coloured);
  }

  @Test
  void java_25_getsTheOptionsThatKeepItQuiet() throws Exception {
    makeDistribution();
    executable(bin.resolve("java"), JAVA.formatted("25"));

    assertThat(run("demo").output())
        .contains("<-XX:TieredStopAtLevel=1>")
        .contains("<--enable-native-access=ALL-UNNAMED>")
        .contains("<--sun-misc-unsafe-memory-access=allow>");
  }

  @Test
  void java_tooOldOrMissing_isOneClearLine() throws Exception {
    makeDistribution();
    executable(bin.resolve("java"), JAVA.formatted("1.8.0_402"));
    Outcome old = run("demo");
    Files.delete(bin.resolve("java"));
    Outcome missing = run("demo");
    Outcome wrongHome = run(home.resolve("rayo"), Map.of("JAVA_HOME", "/nowhere"), "demo");

    assertThat(old.exit()).isEqualTo(1);
    assertThat(old.output()).startsWith("rayo: needs Java 17 or newer").hasLineCount(1);
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.output()).contains("there is no java on the path").hasLineCount(1);
    assertThat(wrongHome.output()).contains("JAVA_HOME is /nowhere").hasLineCount(1);
  }

  @Test
  void javaHome_isSet_isPreferred() throws Exception {
    makeDistribution();
    Path other = Files.createDirectories(scratch.resolve("jdk/bin"));
    executable(other.resolve("java"), JAVA.formatted("21.0.2"));
    executable(bin.resolve("java"), JAVA.formatted("11"));

    Outcome outcome =
        run(home.resolve("rayo"), Map.of("JAVA_HOME", other.getParent().toString()), "demo");

    assertThat(outcome.exit()).isZero();
  }

  @Test
  void sources_firstUseThenChanged_areBuiltTwice() throws Exception {
    makeSources();

    Outcome first = run("demo");
    assertThat(first.exit()).as(first.output()).isZero();
    assertThat(first.output())
        .startsWith("building (first use: some minutes)…")
        .contains("/examples/target/rayo/lib/*>")
        .doesNotContain("compiling");
    assertThat(run("demo").output()).doesNotContain("building");
    assertThat(builds()).isEqualTo(1);

    Path source = home.resolve("examples/src/main/java/A.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class A {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

    assertThat(run("demo").output()).startsWith("building (the sources have changed)…");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void sources_buildFailsOrNoMaven_saysSo() throws Exception {
    makeSources();
    executable(bin.resolve("mvn"), "#!/bin/bash\necho 'cannot find symbol'\nexit 1\n");
    Outcome failed = run("demo");
    Files.delete(bin.resolve("mvn"));
    Outcome missing = run("demo");

    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.output()).contains("cannot find symbol").contains("rayo: the build failed");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.output()).startsWith("rayo: needs Maven").hasLineCount(1);
  }

  @Test
  void neitherSourcesNorLib_saysSo() throws Exception {
    assertThat(run("demo").output()).startsWith("rayo: there is neither lib/ nor the sources in ");
  }
}
