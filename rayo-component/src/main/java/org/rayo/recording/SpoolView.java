package org.rayo.recording;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks at a spool, whether or not a server runs on it, and changes nothing. Blocks. */
public final class SpoolView {

  private final Path spool;

  /**
   * @param spool its directory
   */
  public SpoolView(Path spool) {
    this.spool = spool.toAbsolutePath().normalize();
  }

  /**
   * What a spool holds.
   *
   * @param recordings the oldest first
   * @param unreadable names of directories without a readable manifest
   */
  public record Contents(List<Manifest> recordings, List<String> unreadable) {}

  /** Everything; nothing where there is no spool. */
  public Contents contents() throws IOException {
    List<Manifest> recordings = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    if (Files.isDirectory(spool)) {
      try (DirectoryStream<Path> directories =
          Files.newDirectoryStream(spool, RecordingJournal::isOfARecording)) {
        for (Path directory : directories) {
          try {
            recordings.add(RecordingJournal.read(directory));
          } catch (NoSuchFileException beingMadeOrRemoved) {
            if (isLeft(directory)) {
              unreadable.add(directory.getFileName().toString());
            }
          } catch (IOException e) {
            unreadable.add(directory.getFileName().toString());
          }
        }
      }
    }
    recordings.sort(Comparator.comparing(Manifest::startedAt));
    return new Contents(recordings, unreadable);
  }

  /** Something lies there of which there is no manifest. */
  private static boolean isLeft(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      return files.iterator().hasNext();
    } catch (NoSuchFileException removedMeanwhile) {
      return false;
    }
  }

  /**
   * One recording.
   *
   * @throws IOException when its manifest cannot be read
   */
  public Optional<Manifest> recording(String id) throws IOException {
    if (!Manifest.isId(id) || !Files.isDirectory(spool.resolve(id))) {
      return Optional.empty();
    }
    Path directory = spool.resolve(id);
    try {
      return Optional.of(RecordingJournal.read(directory));
    } catch (IOException e) {
      if (e instanceof NoSuchFileException && !isLeft(directory)) {
        return Optional.empty(); // It is being made or removed.
      }
      throw new IOException("recording " + id + " has no readable manifest in " + directory, e);
    }
  }

  /** The file of its audio, and how long it is by now, in bytes. */
  public long audioBytes(Manifest manifest) {
    return audio(manifest).toFile().length();
  }

  /** Where its audio is or was. */
  public Path audio(Manifest manifest) {
    return RecordingJournal.audio(spool, manifest);
  }

  /** The process that has the spool, if one runs. */
  public Optional<Long> server() {
    return SpoolLock.holder(spool);
  }

  /** The manifests as JSON, for programs. */
  public static String json(List<Manifest> manifests) throws IOException {
    return SpoolDocuments.text(manifests);
  }
}
