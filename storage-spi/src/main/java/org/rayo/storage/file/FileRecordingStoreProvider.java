package org.rayo.storage.file;

import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;

/**
 * Makes stores of type {@code file}. Keys: {@code directory}; {@code base-url}, the address under
 * which a web server shows that directory; {@code permissions} of the files, as in {@code
 * rw-r-----}; {@code keep}, for how long recordings are kept.
 */
public final class FileRecordingStoreProvider implements RecordingStoreProvider {

  private static final Set<String> KEYS =
      Set.of("type", "directory", "base-url", "permissions", "keep");

  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  @Override
  public String type() {
    return "file";
  }

  @Override
  public RecordingStore create(StoreSettings settings) throws StorageException {
    settings.known(KEYS);
    Optional<URI> baseUrl = settings.webAddress("base-url");
    return new FileRecordingStore(
        settings.path("directory"),
        directory(settings),
        baseUrl,
        permissions(settings),
        keep(settings),
        Clock.systemUTC());
  }

  private static Optional<Duration> keep(StoreSettings settings) throws StorageException {
    return settings.optional("keep").isEmpty()
        ? Optional.empty()
        : Optional.of(settings.duration("keep", LONGEST, SHORTEST, LONGEST));
  }

  private static Path directory(StoreSettings settings) throws StorageException {
    String directory = settings.required("directory");
    try {
      return Path.of(directory);
    } catch (InvalidPathException e) {
      throw settings.wrong("directory", "a path: " + e.getReason(), e);
    }
  }

  private static Optional<Set<PosixFilePermission>> permissions(StoreSettings settings)
      throws StorageException {
    Optional<String> text = settings.optional("permissions");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      throw settings.wrong("permissions", "left out: this system has no such permissions");
    }
    try {
      Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(text.get());
      if (permissions.contains(PosixFilePermission.OWNER_READ)) {
        return Optional.of(permissions);
      }
    } catch (IllegalArgumentException e) {
      throw settings.wrong("permissions", "nine letters as in rw-r-----", e);
    }
    throw settings.wrong("permissions", "nine letters as in rw-r-----, readable by the owner");
  }
}
