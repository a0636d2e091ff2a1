package org.rayo.testkit.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A program we started, with its output in a file. It ends with this JVM at the latest. Any thread
 * may use it.
 */
final class PeerProcess implements AutoCloseable {

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final long POLL_MILLIS = 20;
  private static final Duration GRACE = Duration.ofSeconds(8);

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(PeerProcess::killTree), "peers-shutdown"));
  }

  private final String name;
  private final Process process;
  private final Path log;

  private PeerProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a program.
   *
   * @param environment added to ours
   * @param log gets what it prints, after what is there already
   */
  static PeerProcess start(
      List<String> command, Path directory, Map<String, String> environment, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Process process = builder.start();
      RUNNING.add(process);
      return new PeerProcess(Path.of(command.get(0)).getFileName().toString(), process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("can not start " + command.get(0), e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  String log() {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException("can not read " + log, e);
    }
  }

  /** Waits until the program is ready; fails at once, with its output, when it ends before. */
  void await(BooleanSupplier ready, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!ready.getAsBoolean()) {
      if (!alive() || System.nanoTime() > deadline) {
        String how = alive() ? "is not ready after " + limit : "ended with " + process.exitValue();
        close();
        throw new IllegalStateException(name + " " + how + ":\n" + log());
      }
      pause();
    }
  }

  /** Its exit code; kills it after {@code limit} and then gives -1. */
  int exit(Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        RUNNING.remove(process);
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
    return -1;
  }

  /** As {@code kill -9}, and waits until it is gone. */
  void kill() {
    killTree(process);
    var unused = process.onExit().join();
    RUNNING.remove(process);
  }

  /** As {@code kill}; as {@code kill -9} if it takes too long. */
  @Override
  public void close() {
    process.destroy();
    if (exit(GRACE) == -1) {
      kill();
    }
  }

  private static void killTree(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a peer starts", e);
    }
  }
}
