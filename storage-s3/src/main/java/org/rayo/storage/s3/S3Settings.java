package org.rayo.storage.s3;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;
import software.amazon.awssdk.regions.Region;

/**
 * Where an S3 store keeps its objects.
 *
 * @param prefix of every key: empty, or segments each followed by {@code /}
 * @param endpoint of a compatible server; without it Amazon's own of the region
 * @param pathStyle the bucket is in the path of addresses, not in their host name
 */
record S3Settings(
    String bucket, String prefix, Region region, Optional<URI> endpoint, boolean pathStyle) {

  private static final Set<String> KEYS =
      Set.of("type", "bucket", "prefix", "region", "endpoint", "path-style");
  private static final String BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";

  static S3Settings read(StoreSettings settings) throws StorageException {
    settings.known(KEYS);
    Optional<URI> endpoint = settings.webAddress("endpoint");
    String bucket = settings.required("bucket");
    if (!bucket.matches(BUCKET)) {
      throw settings.wrong("bucket", "3 to 63 small letters, digits, dots and hyphens");
    }
    return new S3Settings(
        bucket,
        prefix(settings),
        Region.of(settings.optional("region").orElse("us-east-1")),
        endpoint,
        settings.flag("path-style", endpoint.isPresent()));
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
