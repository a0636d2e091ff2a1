package org.rayo.storage.file;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.PercentEncoding;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.Upload;

/**
 * Keeps recordings as files below one directory; a key is the path within it. A recording appears
 * at its place by a rename, so it is whole or not there, and is on the disk when its upload has
 * finished.
 *
 * <p>Where the spool lies on the same file system a hard link takes the place of copying. Elsewhere
 * the bytes are copied, and as far as they are final already while recording.
 *
 * <p>Free text about a recording ({@link RecordingFile#metadata}) is not kept.
 */
public final class FileRecordingStore implements RecordingStore {

  private static final int MAX_NAME_BYTES = 255;

  private final String configurationKey;
  private final Path directory;
  private final Optional<URI> baseUrl;
  private final Optional<Set<PosixFilePermission>> permissions;
  private final Optional<Retention> retention;
  private final ReadWriteLock directories = new ReentrantReadWriteLock();
  private final Set<FileUpload> underWay = new HashSet<>();
  private @Nullable PartFiles parts;
  private boolean closed;

  /**
   * Nothing is touched before {@link #check} or {@link #begin}.
   *
   * @param configurationKey names the directory in complaints
   * @param baseUrl where a web server shows {@code directory}; without it uris are {@code file:}
   * @param permissions of the files, and with the right to enter added, of directories made for
   *     them; without it what the process makes by default
   * @param keep for how long recordings are kept, by this clock; without it for ever
   */
  public FileRecordingStore(
      String configurationKey,
      Path directory,
      Optional<URI> baseUrl,
      Optional<Set<PosixFilePermission>> permissions,
      Optional<Duration> keep,
      Clock clock) {
    this.configurationKey = configurationKey;
    this.directory = directory.toAbsolutePath().normalize();
    retention =
        keep.map(time -> new Retention(this.directory, time, clock, directories.writeLock()));
    retention.ifPresent(Retention::start);
    this.baseUrl = baseUrl;
    this.permissions = permissions.map(Set::copyOf);
  }

  /**
   * Tries to write into the directory, or where it would have to be made, and removes what crashed
   * runs left half written.
   */
  @Override
  public void check() throws StorageException {
    try {
      if (Files.isDirectory(directory)) {
        PartFiles.sweep(directory);
      }
      Files.delete(Files.createTempFile(nearestExisting(), ".check", ".part"));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private Path nearestExisting() throws IOException {
    Path place = directory;
    while (!Files.exists(place) && place.getParent() != null) {
      place = place.getParent();
    }
    if (!Files.isDirectory(place)) {
      throw new NotDirectoryException(place + " is no directory");
    }
    return place;
  }

  private StorageException unusable(IOException e) {
    return new StorageException(
        Fault.CONFIGURATION,
        configurationKey + " = \"" + directory + "\": cannot be written (" + reason(e) + ")",
        e);
  }

  private void makeDirectory() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
    }
  }

  @Override
  public Upload begin(RecordingFile file) throws StorageException {
    requireNames(file.key());
    FileUpload upload = new FileUpload(this, file, nextPart());
    synchronized (this) {
      if (closed) {
        throw new StorageException(Fault.UNAVAILABLE, "the store is closed");
      }
      underWay.add(upload);
    }
    return upload;
  }

  private synchronized Path nextPart() throws StorageException {
    if (closed) {
      throw new StorageException(Fault.UNAVAILABLE, "the store is closed");
    }
    try {
      makeDirectory();
      PartFiles open = parts;
      if (open == null) {
        open = PartFiles.open(directory);
        parts = open;
      }
      return open.next();
    } catch (IOException e) {
      throw failed("cannot write to " + directory, e);
    }
  }

  private static void requireNames(String key) throws StorageException {
    List<String> segments = List.of(key.split("/", -1));
    if (segments.get(0).equals(PartFiles.DIRECTORY)) {
      throw new StorageException(
          Fault.REFUSED, "key '" + key + "' begins with the store's own " + PartFiles.DIRECTORY);
    }
    for (String segment : segments) {
      if (segment.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
        throw new StorageException(
            Fault.REFUSED,
            "key '" + key + "' has a name of more than " + MAX_NAME_BYTES + " bytes");
      }
    }
  }

  /**
   * Where the key's file belongs; its directories have been made. No link on the way leads out of
   * the store's directory.
   */
  Path place(String key) throws StorageException {
    try {
      Path root = directory.toRealPath();
      List<String> segments = List.of(key.split("/", -1));
      Path place = root;
      for (String segment : segments.subList(0, segments.size() - 1)) {
        place = enter(place.resolve(segment), key);
        if (!place.startsWith(root)) {
          throw new StorageException(
              Fault.REFUSED, "key '" + key + "' would leave " + root + " through a link");
        }
      }
      place = place.resolve(segments.get(segments.size() - 1));
      if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        throw new StorageException(Fault.REFUSED, place + " is a directory");
      }
      return place;
    } catch (InvalidPathException e) {
      throw new StorageException(
          Fault.REFUSED, "key '" + key + "' can be no file name here: " + e.getReason(), e);
    } catch (IOException e) {
      throw failed("cannot make the directory for '" + key + "'", e);
    }
  }

  private Path enter(Path child, String key) throws IOException, StorageException {
    if (!Files.exists(child, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(child);
        if (permissions.isPresent()) {
          Files.setPosixFilePermissions(child, enterable(permissions.get()));
        }
        force(child.resolveSibling("."));
      } catch (FileAlreadyExistsException e) {
        // Another upload made it in the meantime, which is as good.
        return enter(child, key);
      }
    }
    if (!Files.isDirectory(child)) {
      throw new StorageException(
          Fault.REFUSED, "key '" + key + "' needs a directory where there is a file: " + child);
    }
    return child.toRealPath();
  }

  private static Set<PosixFilePermission> enterable(Set<PosixFilePermission> files) {
    Set<PosixFilePermission> directories = EnumSet.copyOf(files);
    directories.addAll(
        Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
    if (files.contains(PosixFilePermission.GROUP_READ)) {
      directories.add(PosixFilePermission.GROUP_EXECUTE);
    }
    if (files.contains(PosixFilePermission.OTHERS_READ)) {
      directories.add(PosixFilePermission.OTHERS_EXECUTE);
    }
    return directories;
  }

  /** Whoever holds it makes directories and puts files into them: none is removed meanwhile. */
  Lock placing() {
    return directories.readLock();
  }

  /** The sweep for recordings that are too old, if there is one. */
  Optional<Retention> retention() {
    return retention;
  }

  void applyPermissions(Path file) throws IOException {
    if (permissions.isPresent()) {
      Files.setPosixFilePermissions(file, permissions.get());
    }
  }

  /** The uri of a key whose file lies at {@code place}. */
  URI uri(String key, Path place) {
    return baseUrl.map(base -> PercentEncoding.append(base, key)).orElseGet(place::toUri);
  }

  /** Brings names made or changed in a directory onto the disk. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** What failed in the store's directory, with the fault that fits. */
  static StorageException failed(String what, IOException e) {
    Fault fault = e instanceof AccessDeniedException ? Fault.CONFIGURATION : Fault.UNAVAILABLE;
    return new StorageException(fault, what + " (" + reason(e) + ")", e);
  }

  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "there is a file of that name";
    }
    if (e instanceof NoSuchFileException) {
      return "the file system does not let it be made";
    }
    return String.valueOf(e.getMessage());
  }

  synchronized void settled(FileUpload upload) {
    underWay.remove(upload);
  }

  @Override
  public void close() {
    retention.ifPresent(Retention::close);
    List<FileUpload> unsettled;
    synchronized (this) {
      closed = true;
      unsettled = List.copyOf(underWay);
    }
    unsettled.forEach(FileUpload::abort);
    synchronized (this) {
      PartFiles open = parts;
      if (open != null) {
        open.close();
        parts = null;
      }
    }
  }
}
