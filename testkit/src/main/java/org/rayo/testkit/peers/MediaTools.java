package org.rayo.testkit.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.WavFile;

/** Other people's judgement of audio files: ffprobe, mpg123, sox and lame. */
public final class MediaTools {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private MediaTools() {}

  /** What a program printed, both streams together, and how it ended. */
  public record Output(int exitCode, String text) {}

  /**
   * What ffprobe says.
   *
   * @param durationSeconds from the container
   * @param warnings all that ffprobe complains of; empty for a sound file
   */
  public record Probe(
      String codec, int sampleRateHz, int channels, double durationSeconds, String warnings) {}

  /** Runs a program to its end; what it prints goes to a file of its own. */
  public static Output run(List<String> command) {
    try {
      Path log = Files.createTempFile("peer", ".log");
      try {
        List<String> full = new ArrayList<>(command);
        full.set(0, Programs.require(command.get(0)));
        PeerProcess process = PeerProcess.start(full, Path.of("").toAbsolutePath(), Map.of(), log);
        int exit = process.exit(LIMIT);
        return new Output(exit, process.log());
      } finally {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks ffprobe about the first audio stream. */
  public static Probe probe(Path file) {
    Output output =
        successful(
            List.of(
                "ffprobe",
                "-v",
                "warning",
                "-select_streams",
                "a:0",
                "-show_entries",
                "stream=codec_name,sample_rate,channels:format=duration",
                "-of",
                "default=noprint_wrappers=1",
                file.toString()));
    Map<String, String> values = new HashMap<>();
    StringBuilder warnings = new StringBuilder();
    output
        .text()
        .lines()
        .forEach(
            line -> {
              if (line.matches("(codec_name|sample_rate|channels|duration)=.*")) {
                values.put(line.split("=", 2)[0], line.split("=", 2)[1]);
              } else {
                warnings.append(line).append('\n');
              }
            });
    return new Probe(
        values.getOrDefault("codec_name", ""),
        Integer.parseInt(values.getOrDefault("sample_rate", "0")),
        Integer.parseInt(values.getOrDefault("channels", "0")),
        Double.parseDouble(values.getOrDefault("duration", "0")),
        warnings.toString());
  }

  /** Decodes with mpg123, which honours the Info tag. */
  public static Decoded mpg123(Path mp3) {
    Path wav = temporary(".wav");
    try {
      successful(List.of("mpg123", "-q", "-w", wav.toString(), mp3.toString()));
      return WavFile.read(wav).audio();
    } finally {
      delete(wav);
    }
  }

  /** Decodes anything that ffmpeg knows to 16-bit PCM. */
  public static Decoded ffmpeg(Path file) {
    Path wav = temporary(".wav");
    try {
      successful(
          List.of(
              "ffmpeg", "-y", "-v", "error", "-i", file.toString(), "-bitexact", wav.toString()));
      return WavFile.read(wav).audio();
    } finally {
      delete(wav);
    }
  }

  /** The number of samples a channel that sox counts. */
  public static long soxSamples(Path file) {
    return Long.parseLong(successful(List.of("sox", "--i", "-s", file.toString())).text().trim());
  }

  /** Encodes with lame. */
  public static void lame(Path wav, Path mp3, String... options) {
    List<String> command = new ArrayList<>(List.of("lame", "--quiet"));
    command.addAll(List.of(options));
    command.addAll(List.of(wav.toString(), mp3.toString()));
    successful(command);
  }

  private static Output successful(List<String> command) {
    Output output = run(command);
    if (output.exitCode() != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + " gave " + output.exitCode() + ": " + output.text());
    }
    return output;
  }

  private static Path temporary(String suffix) {
    try {
      return Files.createTempFile("decoded", suffix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
