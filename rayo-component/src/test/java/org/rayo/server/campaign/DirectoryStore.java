package org.rayo.server.campaign;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The file store's directory, in whose place there is a file for a while. */
final class DirectoryStore implements TroubledStore {

  private static final int ATTEMPTS = 1000;

  private final Path directory;
  private final Path away;
  private boolean gone;

  DirectoryStore(Path home) throws IOException {
    directory = home.resolve("var/recordings");
    away = home.resolve("var/away");
    Files.createDirectories(directory);
  }

  @Override
  public String config() {
    return "rayo.storage.stores.local.directory = \"" + directory + "\"";
  }

  @Override
  public synchronized String trouble(Random random) throws IOException {
    if (!gone) {
      Files.move(directory, away);
      gone = true;
      for (int attempt = 1; !blocked(); attempt++) {
        if (attempt == ATTEMPTS) {
          throw new IOException("the server makes " + directory + " again and again");
        }
        takeInto(away);
      }
    }
    return "AWAY";
  }

  /** Fails when the server has made the directory again in between. */
  private boolean blocked() throws IOException {
    try {
      Files.writeString(directory, "in the way", StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private void takeInto(Path target) throws IOException {
    Path meanwhile = target.resolveSibling("meanwhile");
    Files.move(directory, meanwhile);
    for (Path file : FileTree.files(meanwhile)) {
      Path place = target.resolve(meanwhile.relativize(file));
      Files.createDirectories(place.getParent());
      try {
        Files.move(file, place);
      } catch (NoSuchFileException e) {
        // The server was at work on it, and has given it up.
      }
    }
    Evidence.delete(meanwhile);
  }

  @Override
  public synchronized void heal() throws IOException {
    if (gone) {
      Files.delete(directory);
      Files.move(away, directory);
      gone = false;
    }
  }

  @Override
  public synchronized List<Path> objects(String recordingId) throws IOException {
    return FileTree.files(gone ? away : directory).stream()
        .filter(file -> file.getFileName().toString().contains(recordingId))
        .filter(file -> !file.toString().endsWith(".json"))
        .toList();
  }

  @Override
  public Optional<Path> at(String uri) {
    return Optional.of(Path.of(URI.create(uri))).filter(Files::exists);
  }

  @Override
  public int changed() {
    return 0;
  }

  @Override
  public void close() {
    // Nothing runs.
  }
}
