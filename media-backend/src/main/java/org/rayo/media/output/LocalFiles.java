package org.rayo.media.output;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.rayo.media.MediaException;

/**
 * The {@code file:} URIs that may be read: of regular files that really lie below the directories,
 * wherever symbolic links lead. Of others nothing is told, not even whether they exist.
 */
final class LocalFiles {

  /**
   * A file that may be read.
   *
   * @param version changes when its content does
   */
  record Found(URI uri, Path path, String version) {}

  private final List<Path> directories;
  private final long maxBytes;

  LocalFiles(List<Path> directories, long maxBytes) {
    this.directories = directories.stream().map(d -> d.toAbsolutePath().normalize()).toList();
    this.maxBytes = maxBytes;
  }

  Found find(URI uri) throws MediaException {
    Path path = path(uri);
    if (directories.stream().noneMatch(path::startsWith)) {
      throw outside(uri);
    }
    try {
      Path real = path.toRealPath();
      if (!isBelowDirectories(real)) {
        throw outside(uri);
      }
      BasicFileAttributes attributes =
          Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw Uris.refused(uri, "is not a file");
      }
      if (attributes.size() > maxBytes) {
        throw tooLarge(uri);
      }
      return new Found(
          uri,
          real,
          attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
    } catch (IOException e) {
      throw Uris.refused(uri, "does not exist or cannot be read");
    }
  }

  byte[] read(Found found) throws MediaException {
    try (InputStream in = Files.newInputStream(found.path(), LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(Math.toIntExact(maxBytes + 1));
      if (bytes.length > maxBytes) {
        throw tooLarge(found.uri());
      }
      return bytes;
    } catch (IOException e) {
      throw Uris.refused(found.uri(), "does not exist or cannot be read");
    }
  }

  private static Path path(URI uri) throws MediaException {
    String host = uri.getAuthority();
    if (uri.isOpaque()
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || (host != null && !host.isEmpty() && !host.equals("localhost"))) {
      throw Uris.refused(uri, "is not the URI of a file on this machine, as in file:///path");
    }
    try {
      return Path.of(uri.getPath()).toAbsolutePath().normalize();
    } catch (IllegalArgumentException e) {
      throw Uris.refused(uri, "is not the path of a file");
    }
  }

  private boolean isBelowDirectories(Path real) {
    for (Path directory : directories) {
      try {
        if (real.startsWith(directory.toRealPath())) {
          return true;
        }
      } catch (IOException e) {
        // It is not there now; nothing lies below it.
      }
    }
    return false;
  }

  private static MediaException outside(URI uri) {
    return Uris.refused(uri, "is not below a directory that may be read");
  }

  private MediaException tooLarge(URI uri) {
    return Uris.refused(uri, "is larger than " + maxBytes + " bytes");
  }
}
