package org.rayo.media.output;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What may be played, and how much of it.
 *
 * @param directories below which {@code file:} is read; none: no files
 * @param openedAddresses those of our own networks that may be fetched from all the same
 * @param maxFileBytes the largest file, as it is fetched
 * @param connectTimeout to reach a web server
 * @param fetchTimeout for all of one fetch, its redirects too
 * @param maxLength the longest file, and the longest output played once, pauses not counted
 * @param cacheBytes decoded sound that is kept in memory
 * @param threads that fetch, decode and speak
 * @param speech what speaks, if anything does
 */
public record OutputSettings(
    List<Path> directories,
    Predicate<InetAddress> openedAddresses,
    long maxFileBytes,
    Duration connectTimeout,
    Duration fetchTimeout,
    Duration maxLength,
    long cacheBytes,
    int threads,
    Optional<Speech> speech) {

  /** No files, no addresses of our own networks, no speech. */
  public static final OutputSettings DEFAULT =
      new OutputSettings(
          List.of(),
          address -> false,
          20 << 20,
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofMinutes(10),
          64 << 20,
          8,
          Optional.empty());

  /**
   * The program espeak-ng.
   *
   * @param command its name or path
   * @param timeout for one text
   */
  public record Speech(String command, Duration timeout) {}

  public OutputSettings {
    directories = List.copyOf(directories);
    if (maxFileBytes < 1 || maxFileBytes > 1 << 30) {
      throw new IllegalArgumentException(
          "maxFileBytes is " + maxFileBytes + "; 1 to " + (1 << 30) + " are allowed");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; at least 1 is needed");
    }
  }
}
