package org.rayo.recording;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.rayo.media.CapturedRecording;
import org.rayo.media.RecordingRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The truth about every recording: a directory of the spool for each, with the audio and a {@link
 * Manifest}. A step is done when it is on the disk: the manifest is written beside the old one,
 * synced, and renamed over it.
 *
 * <p>Thread safe. Steps run on the journal's own threads, those of one recording in the order in
 * which they were asked for; callers never block. A step that cannot be written fails its stage
 * with {@link JournalException}.
 */
public final class RecordingJournal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RecordingJournal.class);
  private static final String MANIFEST = "manifest.json";

  /** Syncs wait for the disk, so a few run beside each other. */
  private static final int WRITER_THREADS = 4;

  private final Path spool;
  private final SpoolRoom room;
  private final ExecutorService writers;
  private final ObjectMapper json =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT);

  /** The last step asked for of each recording that has steps under way. */
  private final Map<String, CompletableFuture<?>> lastSteps = new ConcurrentHashMap<>();

  /**
   * Opens the spool.
   *
   * @param spool made if it is not there
   * @param room that a new recording must find there
   * @throws JournalException when it cannot be made or written
   */
  public RecordingJournal(Path spool, SpoolRoom room) throws JournalException {
    this(
        spool,
        room,
        Executors.newFixedThreadPool(
            WRITER_THREADS,
            task -> {
              Thread thread = new Thread(task, "rayo-journal");
              thread.setDaemon(true);
              return thread;
            }));
  }

  /**
   * @param writers run the steps, and are shut down with the journal
   */
  RecordingJournal(Path spool, SpoolRoom room, ExecutorService writers) throws JournalException {
    this.spool = spool.toAbsolutePath().normalize();
    this.room = room;
    this.writers = writers;
    try {
      Files.createDirectories(this.spool);
      Files.delete(Files.createTempFile(this.spool, ".probe", ""));
    } catch (IOException e) {
      writers.shutdown();
      throw new JournalException("cannot write to the spool directory " + this.spool, e);
    }
  }

  /** Where this recording's audio belongs. */
  public Path audio(Manifest manifest) {
    return directory(manifest).resolve("audio." + manifest.format().token());
  }

  /**
   * First step, before the client hears of the recording: its directory and manifest are synced.
   *
   * @return fails with {@link JournalException.Fault#FULL} when the spool has no room for it
   */
  public CompletionStage<Void> begin(Manifest manifest, RecordingRequest request) {
    return step(
        manifest,
        () -> {
          room.require(spool, request);
          Path directory = directory(manifest);
          Files.createDirectory(directory);
          // Nobody relies on it before this step is done, so it may be written in place.
          write(manifest, directory.resolve(MANIFEST));
          sync(directory);
          sync(spool);
        });
  }

  /** Whether a recording's file is there; asks the disk, after the steps before. */
  public CompletionStage<Boolean> hasFile(Manifest manifest, Path file) {
    return queue(manifest, () -> Files.exists(file));
  }

  /** The file is finished. */
  public CompletionStage<Manifest> captured(Manifest manifest, CapturedRecording recording) {
    Manifest next = manifest.captured(recording);
    return step(next, () -> replace(next)).thenApply(done -> next);
  }

  /** A store has it, and its client will be told so; the copy in the spool is removed. */
  public CompletionStage<Manifest> stored(Manifest manifest, URI uri, Instant at) {
    Manifest next = manifest.stored(uri).announcing(Optional.of(uri), at);
    return step(
            next,
            () -> {
              replace(next);
              Files.deleteIfExists(audio(next));
            })
        .thenApply(done -> next);
  }

  /**
   * Its client will be told of the copy in the spool, which stays, or that there is none.
   *
   * @param uri of the copy
   */
  public CompletionStage<Manifest> announcing(Manifest manifest, Optional<URI> uri, Instant at) {
    Manifest next = manifest.announcing(uri, at);
    return step(next, () -> replace(next)).thenApply(done -> next);
  }

  /** A store has it, and the copy in the spool stays, for its uri has been given out. */
  public CompletionStage<Void> storedToo(Manifest manifest, URI uri) {
    return change(manifest, known -> known.stored(uri));
  }

  /** Its client has been told, and the copy in the spool stays, for its uri has been given out. */
  public CompletionStage<Void> confirmed(Manifest manifest) {
    return change(manifest, Manifest::confirmed);
  }

  /** From what the disk knows by now: two steps whose order nobody knows must both be kept. */
  private CompletionStage<Void> change(Manifest manifest, UnaryOperator<Manifest> next) {
    return step(manifest, () -> replace(next.apply(read(directory(manifest)))));
  }

  /**
   * The file of a recording that broke off is made valid, as far as it was written.
   *
   * @param failure why it broke off
   * @return what it plays; of a file that never was, nothing
   */
  public CompletionStage<CapturedRecording> repaired(Manifest manifest, String failure) {
    return queue(manifest, () -> SpoolRepair.repair(manifest, audio(manifest), failure));
  }

  /** Nothing is left to do for this recording: its directory is removed. */
  public CompletionStage<Void> forget(Manifest manifest) {
    return step(
        manifest,
        () -> {
          Path directory = directory(manifest);
          Files.deleteIfExists(audio(manifest));
          if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> rest = Files.newDirectoryStream(directory)) {
              for (Path file : rest) {
                Files.delete(file);
              }
            }
          }
          Files.deleteIfExists(directory);
        });
  }

  /**
   * What the spool holds: recordings of an earlier run that were never finished or stored. A
   * directory without a readable manifest is reported in the log and left where it is; one whose
   * name begins with a dot is none of a recording.
   */
  public List<Manifest> leftOver() throws JournalException {
    List<Manifest> found = new ArrayList<>();
    try (DirectoryStream<Path> directories =
        Files.newDirectoryStream(spool, RecordingJournal::isOfARecording)) {
      for (Path directory : directories) {
        if (removedEmpty(directory)) {
          continue;
        }
        try {
          found.add(read(directory));
        } catch (IOException e) {
          LOG.error("{} has no readable manifest and is left as it is", directory, e);
        }
      }
    } catch (IOException e) {
      throw new JournalException("cannot read the spool directory " + spool, e);
    }
    return found;
  }

  private static boolean isOfARecording(Path entry) {
    return Files.isDirectory(entry) && !entry.getFileName().toString().startsWith(".");
  }

  /** A crash in the middle of beginning or forgetting a recording leaves an empty directory. */
  private static boolean removedEmpty(Path directory) {
    try {
      Files.delete(directory);
      return true;
    } catch (IOException notEmpty) {
      return false;
    }
  }

  /** Waits a bounded time for the steps under way. */
  @Override
  public void close() {
    writers.shutdown();
    try {
      if (!writers.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.error("the spool's disk has not answered for 10 s; journal steps may be missing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many recordings have steps under way. */
  int stepsUnderWay() {
    return lastSteps.size();
  }

  private CompletionStage<Void> step(Manifest manifest, DiskStep work) {
    return queue(
            manifest,
            () -> {
              work.run();
              return true;
            })
        .thenAccept(done -> {});
  }

  /** Runs a step once the one before it, of the same recording, has ended, well or not. */
  private <T> CompletableFuture<T> queue(Manifest manifest, DiskQuestion<T> work) {
    String id = manifest.recordingId();
    CompletableFuture<T> result = new CompletableFuture<>();
    lastSteps.compute(
        id,
        (same, before) -> {
          CompletionStage<?> earlier =
              before == null ? CompletableFuture.completedFuture(true) : before;
          earlier.whenComplete((done, failure) -> write(manifest, work, result));
          return result;
        });
    return result.whenComplete((done, failure) -> lastSteps.remove(id, result));
  }

  private <T> void write(Manifest manifest, DiskQuestion<T> work, CompletableFuture<T> result) {
    try {
      writers.execute(
          () -> {
            try {
              result.complete(work.ask());
            } catch (IOException | RuntimeException | Error e) {
              // Whatever it is, somebody waits for the answer.
              result.completeExceptionally(failure(manifest, e));
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(failure(manifest, e));
    }
  }

  private static JournalException failure(Manifest manifest, Throwable cause) {
    if (cause instanceof SpoolRoom.NoRoomException full) {
      return new JournalException(
          JournalException.Fault.FULL, String.valueOf(full.getMessage()), full);
    }
    return new JournalException(
        "cannot write the journal of recording " + manifest.recordingId(), cause);
  }

  /** Reads a directory's manifest, which must be that of this directory and of no other. */
  private Manifest read(Path directory) throws IOException {
    Optional<Manifest> manifest =
        Optional.ofNullable(json.readValue(directory.resolve(MANIFEST).toFile(), Manifest.class));
    return manifest
        .filter(read -> directory.getFileName().toString().equals(read.recordingId()))
        .orElseThrow(() -> new IOException("the manifest is not that of " + directory));
  }

  /** Puts a manifest in the place of the old one: at any time one of the two is there, whole. */
  private void replace(Manifest manifest) throws IOException {
    Path directory = directory(manifest);
    Path next = directory.resolve(MANIFEST + ".next");
    write(manifest, next);
    Files.move(
        next,
        directory.resolve(MANIFEST),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    sync(directory);
  }

  private void write(Manifest manifest, Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(manifest));
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Makes names in a directory last, where the system lets a directory be opened. */
  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("{} cannot be synced as a directory here", directory, e);
    }
  }

  private Path directory(Manifest manifest) {
    return spool.resolve(manifest.recordingId());
  }

  /** Work that may fail on the disk. */
  private interface DiskStep {
    void run() throws IOException;
  }

  /** Work that may fail on the disk, with an answer. */
  private interface DiskQuestion<T> {
    T ask() throws IOException;
  }
}
