package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The program in a JVM of its own, in its own directory, with its output in files. */
public final class RayoProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path stdout;
  private final Path stderr;

  private RayoProcess(Process process, Path stdout, Path stderr) {
    this.process = process;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  public static RayoProcess start(Path directory, String... arguments) {
    return start(directory, List.of(), arguments);
  }

  private static RayoProcess start(Path directory, List<String> jvmOptions, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    // As it is installed, not as tests log.
    command.add("-Dlogback.configurationFile=logback.xml");
    command.add("org.rayo.server.Main");
    command.addAll(List.of(arguments));
    try {
      Path stdout = Files.createTempFile(directory, "out", ".log");
      Path stderr = Files.createTempFile(directory, "err", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile());
      builder.environment().remove("RAYO_XMPP_SECRET");
      return new RayoProcess(builder.start(), stdout, stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts {@code serve} with this configuration. */
  public static RayoProcess serve(Path directory, String config, String... options) {
    List<String> arguments = new ArrayList<>(List.of("serve", "-c", write(directory, config)));
    arguments.addAll(List.of(options));
    return start(directory, arguments.toArray(String[]::new));
  }

  /**
   * As {@link #serve}, by a JVM that is up sooner and that compiles less well: for servers that do
   * not live long.
   */
  public static RayoProcess serveSoon(Path directory, String config) {
    return start(
        directory,
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        "serve",
        "-c",
        write(directory, config));
  }

  /** Writes a configuration file and gives its name. */
  public static String write(Path directory, String config) {
    try {
      return Files.writeString(directory.resolve("rayo.conf"), config).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String stdout() {
    return read(stdout);
  }

  public String stderr() {
    return read(stderr);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until standard output has a line with this text, and gives the line. */
  public String awaitLine(String text) {
    await(text, () -> stdout().lines().anyMatch(line -> line.contains(text)));
    return stdout().lines().filter(line -> line.contains(text)).findFirst().orElseThrow();
  }

  /** As {@link #awaitLine}; empty when it ends before. */
  public Optional<String> awaitLineOrEnd(String text) {
    await(text, () -> !process.isAlive() || stdout().lines().anyMatch(line -> line.contains(text)));
    return process.isAlive() ? Optional.of(awaitLine(text)) : Optional.empty();
  }

  public void awaitLog(String text) {
    await(text, () -> stderr().contains(text));
  }

  private void await(String what, BooleanSupplier there) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!there.getAsBoolean()) {
      if (System.nanoTime() > deadline || (!process.isAlive() && !there.getAsBoolean())) {
        throw new AssertionError("no '" + what + "' in\n" + stdout() + "\n" + stderr());
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits for the end. */
  public int exit() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("ended; it said\n%s\n%s", stdout(), stderr())
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return process.exitValue();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  public long pid() {
    return process.pid();
  }

  /** As {@code kill -9}; returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    exit();
  }

  /** Any signal, by its name. */
  public void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  /** Whether SIGINT is ignored, as in what a shell starts in the background. */
  boolean ignoresInterrupts() {
    return read(Path.of("/proc/" + process.pid() + "/status"))
        .lines()
        .filter(line -> line.startsWith("SigIgn:"))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .anyMatch(ignored -> (ignored & 2) != 0);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
