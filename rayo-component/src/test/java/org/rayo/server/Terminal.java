package org.rayo.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A program in a terminal of its own: what it prints is read in order, and lines are typed. */
final class Terminal implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path output;
  private int read;

  private Terminal(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a program.
   *
   * @param environment beside this one's
   */
  static Terminal open(Path directory, Map<String, String> environment, List<String> command)
      throws IOException {
    Path output = Files.createTempFile(directory, "terminal", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new Terminal(builder.start(), output);
  }

  /** All that it has printed. */
  String text() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Types a line; {@code ^C} is that key. */
  void type(String line) {
    if (line.equals("^C")) {
      process.destroy(); // Whoever was started in the background ignores an interrupt.
      return;
    }
    try {
      OutputStream keys = process.getOutputStream();
      keys.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      keys.flush();
    } catch (IOException e) {
      throw new AssertionError("'" + line + "' cannot be typed into " + this, e);
    }
  }

  /**
   * Waits for a line that it prints after those that were waited for before.
   *
   * @param wanted the line, with … for anything
   * @return the line
   */
  String expect(String wanted) throws InterruptedException {
    Pattern pattern = pattern(wanted);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      boolean over = !process.isAlive() || System.nanoTime() - deadline > 0;
      List<String> lines = wholeLines();
      for (int i = read; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i).strip()).matches()) {
          read = i + 1;
          return lines.get(i);
        }
      }
      if (over) {
        throw new AssertionError("no line '" + wanted + "' in " + this);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private List<String> wholeLines() {
    String text = text();
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private static Pattern pattern(String wanted) {
    StringBuilder pattern = new StringBuilder();
    for (String part : wanted.strip().split("…", -1)) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(pattern.toString());
  }

  /** Waits for its end. */
  int exit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("does not end: " + this);
    }
    return process.exitValue();
  }

  /** As Ctrl-C does, or rather kill; with all that it has started. */
  @Override
  public void close() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  /** All that it has printed. */
  @Override
  public String toString() {
    return (process.isAlive() ? "a terminal" : "a terminal that has ended") + ":\n" + text();
  }
}
