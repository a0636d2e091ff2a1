package org.rayo.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.rayo.media.sip.AddressRange;

/**
 * {@code rayo.media.output}: what may be played to calls.
 *
 * @param directories below which {@code file:} is read
 * @param allowedAddresses those of our own networks that may be fetched from
 * @param maxFileBytes the largest file
 * @param connectTimeout to reach a web server
 * @param fetchTimeout for all of one fetch
 * @param maxLength the longest sound
 * @param cacheBytes decoded sound that is kept
 * @param threads that fetch, decode and speak
 */
public record OutputConfig(
    List<Path> directories,
    List<AddressRange> allowedAddresses,
    long maxFileBytes,
    Duration connectTimeout,
    Duration fetchTimeout,
    Duration maxLength,
    long cacheBytes,
    int threads,
    Speech speech) {

  public OutputConfig {
    directories = List.copyOf(directories);
    allowedAddresses = List.copyOf(allowedAddresses);
  }

  /** What speaks. */
  public enum Engine {
    /** The program espeak-ng, where it is installed. */
    ESPEAK_NG,
    /** Nothing. */
    NONE
  }

  /**
   * Speech.
   *
   * @param command name or path of the engine's program
   * @param timeout for one text
   */
  public record Speech(Engine engine, String command, Duration timeout) {}

  static OutputConfig read(ConfigReader reader) {
    String output = "rayo.media.output.";
    String command = "the name or path of a program";
    return new OutputConfig(
        reader.list(output + "directories", OutputConfig::directory, "the path of a directory"),
        reader.list(
            output + "allowed-addresses",
            AddressRange::parse,
            "an IP address or a network as in 10.0.0.0/8"),
        reader.size(output + "max-file-size", 1000, 1 << 30),
        reader.duration(output + "connect-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
        reader.duration(output + "fetch-timeout", Duration.ofMillis(100), Duration.ofMinutes(10)),
        reader.duration(output + "max-length", Duration.ofSeconds(1), Duration.ofHours(10)),
        reader.size(output + "cache-size", 0, 1L << 40),
        reader.integer(output + "threads", 1, 256),
        new Speech(
            reader.choice(output + "speech.engine", Engine.class),
            reader.parsed(output + "speech.command", OutputConfig::filled, "", command),
            reader.duration(
                output + "speech.timeout", Duration.ofMillis(100), Duration.ofMinutes(10))));
  }

  private static Path directory(String text) {
    if (text.isEmpty()) {
      throw new InvalidPathException(text, "is empty");
    }
    return Path.of(text);
  }

  private static String filled(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("is empty");
    }
    return text;
  }
}
