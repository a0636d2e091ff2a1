package org.rayo.storage.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;
import software.amazon.awssdk.regions.Region;

/**
 * Where an S3 store keeps its objects, and how.
 *
 * @param name the store's, for complaints
 * @param prefix of every key: empty, or segments each followed by {@code /}
 * @param endpoint of a compatible server; without it Amazon's own of the region
 * @param pathStyle the bucket is in the path of addresses, not in their host name
 */
record S3Settings(
    String name,
    String bucket,
    String prefix,
    Region region,
    Optional<URI> endpoint,
    boolean pathStyle,
    S3Credentials credentials,
    S3ObjectOptions objects,
    Uris uris,
    Transfer transfer) {

  /**
   * What clients are told.
   *
   * @param publicUrl under which the bucket is shown; for {@link Kind#HTTPS}
   * @param life of pre-signed addresses
   */
  record Uris(Kind kind, Optional<URI> publicUrl, Duration life) {

    enum Kind {
      /** {@code s3://bucket/key}. */
      S3,
      /** An address that everybody may read who is let to the bucket. */
      HTTPS,
      /** An address that whoever has it may read, for a while. */
      PRESIGNED
    }

    /** Amazon signs for a week at most. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(7);

    static Uris read(StoreSettings settings) throws StorageException {
      return new Uris(
          settings.choice(
              "uri",
              Kind.S3,
              Map.of("s3", Kind.S3, "https", Kind.HTTPS, "presigned", Kind.PRESIGNED)),
          settings.webAddress("public-url"),
          settings.duration(
              "presigned-life", Duration.ofDays(1), Duration.ofMinutes(1), LONGEST_LIFE));
    }
  }

  /**
   * How bytes are sent.
   *
   * @param partBytes of every part but the last; recordings shorter than two are sent in one piece
   * @param verify ask for size and checksum when all is sent
   * @param patience with the server, in one request
   * @param attempts of one request, before the upload fails for now
   */
  record Transfer(
      long partBytes,
      S3Checksum checksum,
      boolean verify,
      Duration connectTimeout,
      Patience patience,
      int attempts) {

    /** S3 takes no smaller parts, but for the last. */
    static final long LEAST_PART_BYTES = 5L << 20;

    private static final long MOST_PART_BYTES = 1L << 30;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    static Transfer read(StoreSettings settings) throws StorageException {
      long partBytes = settings.bytes("part-size", 8L << 20);
      if (partBytes < LEAST_PART_BYTES || partBytes > MOST_PART_BYTES) {
        throw settings.wrong("part-size", "from 5 MiB to 1 GiB");
      }
      return new Transfer(
          partBytes,
          settings.choice(
              "checksum",
              S3Checksum.SHA256,
              Map.of(
                  "sha256", S3Checksum.SHA256,
                  "crc32", S3Checksum.CRC32,
                  "md5", S3Checksum.MD5,
                  "none", S3Checksum.NONE)),
          settings.choice("verify", true, Map.of("head", true, "none", false)),
          settings.duration("connect-timeout", Duration.ofSeconds(10), SHORTEST, LONGEST),
          Patience.read(settings),
          settings.number("attempts", 3, 1, 10));
    }
  }

  /**
   * For how long a server may neither take bytes nor answer.
   *
   * @param timeout when nothing is on the way
   * @param bytesPerSecond that the way takes at least: what the system has been given may still be
   *     on the way, so that there is no progress to be seen
   */
  record Patience(Duration timeout, long bytesPerSecond) {

    /** More than that no system keeps for a connection, at both its ends. */
    private static final long MOST_BUFFERED_BYTES = 8L << 20;

    static Patience read(StoreSettings settings) throws StorageException {
      long bytesPerSecond = settings.bytes("minimum-rate", 32L << 10);
      if (bytesPerSecond < 1L << 10 || bytesPerSecond > 1L << 30) {
        throw settings.wrong("minimum-rate", "from 1 KiB to 1 GiB (a second)");
      }
      return new Patience(
          settings.duration("timeout", Duration.ofSeconds(60), Transfer.SHORTEST, Transfer.LONGEST),
          bytesPerSecond);
    }

    /** After so many bytes of a request have been given to the system. */
    Duration afterSending(long bytes) {
      return timeout.plusMillis(Math.min(bytes, MOST_BUFFERED_BYTES) * 1000 / bytesPerSecond);
    }

    Duration longest() {
      return afterSending(MOST_BUFFERED_BYTES);
    }
  }

  private static final Set<String> KEYS =
      Set.of(
          "type",
          "bucket",
          "prefix",
          "region",
          "endpoint",
          "path-style",
          "access-key",
          "secret-key",
          "session-token",
          "profile",
          "storage-class",
          "encryption",
          "kms-key-id",
          "metadata",
          "uri",
          "public-url",
          "presigned-life",
          "part-size",
          "checksum",
          "verify",
          "connect-timeout",
          "timeout",
          "minimum-rate",
          "attempts");
  private static final String BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";
  private static final String REGION = "[a-z0-9-]{1,64}";

  static S3Settings read(StoreSettings settings) throws StorageException {
    settings.known(KEYS, Set.of("tags"));
    Optional<URI> endpoint = settings.webAddress("endpoint");
    String bucket = settings.required("bucket");
    if (!bucket.matches(BUCKET)) {
      throw settings.wrong("bucket", "3 to 63 small letters, digits, dots and hyphens");
    }
    String region = settings.optional("region").orElse("us-east-1");
    if (!region.matches(REGION)) {
      throw settings.wrong("region", "small letters, digits and hyphens, as in eu-central-1");
    }
    return new S3Settings(
        settings.store(),
        bucket,
        prefix(settings),
        Region.of(region),
        endpoint,
        settings.flag("path-style", endpoint.isPresent()),
        S3Credentials.read(settings),
        S3ObjectOptions.read(settings),
        Uris.read(settings),
        Transfer.read(settings));
  }

  private static String prefix(StoreSettings settings) throws StorageException {
    String prefix = settings.optional("prefix").orElse("");
    if (prefix.isEmpty()) {
      return prefix;
    }
    String closed = prefix.endsWith("/") ? prefix : prefix + "/";
    if (closed.startsWith("/") || closed.contains("//")) {
      throw settings.wrong("prefix", "segments separated by single slashes, none in front");
    }
    return closed;
  }

  /** The object's key for a recording's. */
  String objectKey(String key) {
    return prefix + key;
  }
}
