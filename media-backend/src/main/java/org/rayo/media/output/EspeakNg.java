package org.rayo.media.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;

/**
 * Speaks with the program espeak-ng, one process for each text. The text goes to its standard input
 * and is never an argument.
 */
final class EspeakNg implements SpeechEngine {

  /** A language or voice; it cannot be taken for an option. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_+-]{0,63}");

  /** In UTF-8 less than what a pipe takes at once, so that writing it does not block. */
  private static final int MAX_CHARACTERS = 10_000;

  private final String command;
  private final Duration timeout;
  private final Watchdog watchdog;
  private final int maxBytes;

  EspeakNg(String command, Duration timeout, Watchdog watchdog, long maxBytes) {
    this.command = command;
    this.timeout = timeout;
    this.watchdog = watchdog;
    this.maxBytes = Math.toIntExact(maxBytes);
  }

  @Override
  public byte[] speak(String text, Optional<String> language, Optional<String> voice)
      throws MediaException {
    Optional<String> name = voice.isPresent() ? voice : language;
    if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
      throw new MediaException(Fault.REFUSED, "'" + name.get() + "' is no language or voice");
    }
    if (text.length() > MAX_CHARACTERS) {
      throw new MediaException(
          Fault.REFUSED, "a text of more than " + MAX_CHARACTERS + " characters is not spoken");
    }
    Process process = start(name.orElse("en"));
    try (Watchdog.Guard guard = watchdog.guard(timeout, process::destroyForcibly)) {
      return spoken(process, text, name, guard);
    } catch (IOException e) {
      throw new MediaException(Fault.FAILED, "speech: espeak-ng broke off, " + e.getMessage(), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String voice) throws MediaException {
    try {
      return new ProcessBuilder(command, "--stdin", "--stdout", "-b", "1", "-v", voice)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          "speech: the program '" + command + "' is not installed or cannot be run",
          e);
    }
  }

  private byte[] spoken(Process process, String text, Optional<String> name, Watchdog.Guard guard)
      throws IOException, MediaException {
    try (OutputStream to = process.getOutputStream()) {
      // Two brackets would begin its own notation of sounds.
      to.write(text.replace("[[", "[ [").getBytes(UTF_8));
    } catch (IOException e) {
      // It has ended already; its status tells why.
    }
    byte[] sound;
    try (InputStream from = process.getInputStream()) {
      sound = from.readNBytes(maxBytes + 1);
    }
    if (guard.fired()) {
      throw new MediaException(Fault.FAILED, "speech: a text took longer than " + timeout);
    }
    if (sound.length > maxBytes) {
      throw new MediaException(Fault.REFUSED, "speech: a text is too long");
    }
    if (status(process) != 0 || sound.length == 0) {
      throw new MediaException(
          Fault.REFUSED, "speech: espeak-ng does not speak " + name.orElse("this text"));
    }
    return sound;
  }

  private static int status(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
