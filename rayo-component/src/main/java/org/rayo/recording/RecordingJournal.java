package org.rayo.recording;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.rayo.media.CapturedRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.recording.SpoolDocuments.Lasting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The truth about every recording: a directory of the spool for each, with the audio and a {@link
 * Manifest}. What is known is changed at once, and is on the disk when the step's stage completes:
 * the manifest is written beside the old one, synced, and renamed over it.
 *
 * <p>Thread safe. Steps run on the {@link SpoolWriters}, those of one recording in the order in
 * which they were asked for; callers never block. A step that cannot be written fails its stage
 * with {@link JournalException}; what it told is written by the next that can.
 */
public final class RecordingJournal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RecordingJournal.class);
  static final String MANIFEST = "manifest.json";

  /** Room for the manifest's next states, should the disk be full by then. */
  private static final String RESERVE = "reserve";

  private final Path spool;
  private final SpoolRoom room;
  private final SpoolLock lock;
  private final SpoolWriters writers;
  private final CallJournal calls;

  /** What is known of the recordings that the spool holds. */
  private final Map<String, Page> pages = new ConcurrentHashMap<>();

  /** One recording; guarded by itself. */
  private static final class Page {
    private Manifest manifest;
    private long version;
    private long written;

    Page(Manifest manifest) {
      this.manifest = manifest;
    }
  }

  /**
   * Opens the spool.
   *
   * @param spool made if it is not there
   * @param room that a new recording must find there
   * @throws JournalException when it cannot be made or written, or another server has it
   */
  public RecordingJournal(Path spool, SpoolRoom room) throws JournalException {
    this(spool, room, new SpoolWriters());
  }

  /**
   * @param writers are closed with the journal
   */
  RecordingJournal(Path spool, SpoolRoom room, SpoolWriters writers) throws JournalException {
    this.spool = spool.toAbsolutePath().normalize();
    this.room = room;
    this.writers = writers;
    try {
      Files.createDirectories(this.spool);
      lock = SpoolLock.of(this.spool);
      SpoolDocuments.prepare(Manifest.class, CallNote.class);
      calls = new CallJournal(this.spool.resolve(".calls"), writers);
    } catch (IOException e) {
      writers.close();
      throw new JournalException("cannot write to the spool directory " + this.spool, e);
    } catch (JournalException e) {
      writers.close();
      throw e;
    }
  }

  /** The calls, beside the recordings. */
  public CallJournal calls() {
    return calls;
  }

  /** Where this recording's audio belongs. */
  public Path audio(Manifest manifest) {
    return audio(spool, manifest);
  }

  static Path audio(Path spool, Manifest manifest) {
    return spool.resolve(manifest.recordingId()).resolve("audio." + manifest.format().token());
  }

  private Path directory(String recordingId) {
    return spool.resolve(recordingId);
  }

  /**
   * First step, before the client hears of the recording: its directory and manifest are synced.
   *
   * @return fails with {@link JournalException.Fault#FULL} when the spool has no room for it
   */
  public CompletionStage<Void> begin(Manifest manifest, RecordingRequest request) {
    String id = manifest.recordingId();
    Page page = new Page(manifest);
    if (pages.putIfAbsent(id, page) != null) {
      return CompletableFuture.failedFuture(
          new JournalException("there is a recording " + id + " already"));
    }
    return writers
        .ask(
            id,
            () -> {
              room.reserve(spool, id, audio(manifest), request);
              Path directory = directory(id);
              Files.createDirectory(directory);
              try {
                // Nobody relies on it before this step is done, so it may be written in place.
                SpoolDocuments.reserve(directory.resolve(RESERVE));
                SpoolDocuments.create(directory.resolve(MANIFEST), manifest);
                SpoolDocuments.syncNames(spool);
              } catch (IOException e) {
                removeToo(directory, e);
                throw e;
              }
              return true;
            })
        .thenAccept(done -> {})
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                room.release(id);
                pages.remove(id, page);
              }
            });
  }

  /** Whether a recording's file is there; asks the disk, after the steps before. */
  public CompletionStage<Boolean> hasFile(String recordingId, Path file) {
    // A disk that does not say is no proof that it is not there.
    return writers.ask(recordingId, () -> !Files.notExists(file));
  }

  /** What is known of a recording now; empty when the spool does not hold it. */
  public Optional<Manifest> known(String recordingId) {
    return Optional.ofNullable(pages.get(recordingId))
        .map(
            page -> {
              synchronized (page) {
                return page.manifest;
              }
            });
  }

  /** All that is known. */
  List<Manifest> all() {
    return pages.keySet().stream().flatMap(id -> known(id).stream()).toList();
  }

  /**
   * More is known.
   *
   * @param next from what was known before; quick, and may be refused by throwing
   * @return what is known then, once that is on the disk. Fails with {@link JournalException} also
   *     when the spool does not hold the recording (any more)
   */
  public CompletionStage<Manifest> change(String recordingId, UnaryOperator<Manifest> next) {
    Page page = pages.get(recordingId);
    if (page == null) {
      return CompletableFuture.failedFuture(
          new JournalException("the spool does not hold the recording " + recordingId));
    }
    Manifest changed;
    long version;
    synchronized (page) {
      changed = next.apply(page.manifest);
      if (changed.equals(page.manifest) && page.written == page.version) {
        return CompletableFuture.completedFuture(changed);
      }
      page.manifest = changed;
      version = ++page.version;
    }
    if (changed.captured().isPresent()) {
      room.release(recordingId);
    }
    return writers
        .ask(
            recordingId,
            () -> {
              write(page, recordingId, version);
              return true;
            })
        .thenApply(done -> changed);
  }

  /** Writes what is known by now, unless a later step has done that already. */
  private void write(Page page, String recordingId, long version) throws IOException {
    Manifest latest;
    long latestVersion;
    synchronized (page) {
      if (page.written >= version) {
        return;
      }
      latest = page.manifest;
      latestVersion = page.version;
    }
    Path directory = directory(recordingId);
    SpooledParticipants.write(directory, latest);
    SpoolDocuments.replace(
        directory.resolve(MANIFEST), latest, Lasting.POWER_FAILURE, directory.resolve(RESERVE));
    synchronized (page) {
      page.written = latestVersion;
    }
  }

  /**
   * Removes what nobody needs any more: the copy of a recording that every store has, and, once its
   * client has been told, its directory.
   */
  public CompletionStage<Void> tidy(String recordingId) {
    Optional<Manifest> manifest = known(recordingId);
    if (manifest.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Manifest now = manifest.get();
    if (now.captured().isEmpty() || !now.isSettled() || now.isReadInSpool()) {
      return CompletableFuture.completedFuture(null);
    }
    return writers
        .ask(
            recordingId,
            () -> {
              // Nothing is removed before the disk knows why it may be.
              writeLatest(recordingId);
              if (now.announcement().isEmpty() || isWorthALook(now)) {
                return false;
              }
              if (now.state() == Manifest.State.ANNOUNCED) {
                pages.remove(recordingId);
                remove(directory(recordingId));
                return true;
              }
              return Files.deleteIfExists(audio(now));
            })
        .thenAccept(done -> {});
  }

  /** There is a file of which its client could be told nothing but an error: a person may. */
  private boolean isWorthALook(Manifest manifest) {
    boolean failed =
        manifest
            .captured()
            .filter(facts -> facts.cause() == CapturedRecording.Cause.ERROR)
            .isPresent();
    return failed
        && manifest
            .announcement()
            .filter(told -> told.place() == Manifest.Place.NOWHERE)
            .isPresent()
        && !Files.notExists(audio(manifest));
  }

  /** Writes what could not be written when it was told, and tidies up after it. */
  void catchUp() {
    pages.forEach(
        (id, page) -> {
          boolean behind;
          synchronized (page) {
            behind = page.written < page.version;
          }
          if (behind && !writers.isBusy(id)) {
            catchUp(id);
          }
        });
  }

  private void catchUp(String recordingId) {
    CompletionStage<Void> step =
        writers
            .ask(
                recordingId,
                () -> {
                  writeLatest(recordingId);
                  return true;
                })
            .thenCompose(done -> tidy(recordingId));
    step.whenComplete(
        (done, failure) -> {
          if (failure == null) {
            LOG.info("what is known of recording {} is on the disk at last", recordingId);
          }
        });
  }

  private void writeLatest(String recordingId) throws IOException {
    Page page = pages.get(recordingId);
    if (page != null) {
      long version;
      synchronized (page) {
        version = page.version;
      }
      write(page, recordingId, version);
    }
  }

  /** Nothing is left to do for this recording: its directory is removed. */
  public CompletionStage<Void> forget(String recordingId) {
    return writers
        .ask(
            recordingId,
            () -> {
              pages.remove(recordingId);
              room.release(recordingId);
              remove(directory(recordingId));
              return true;
            })
        .thenAccept(done -> {});
  }

  /** Of a beginning that failed nothing is to remain. */
  private static void removeToo(Path directory, IOException failure) {
    try {
      remove(directory);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** The manifest goes last: as long as anything is there, the next run knows what it is. */
  private static void remove(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> rest =
          Files.newDirectoryStream(
              directory, file -> !file.getFileName().toString().equals(MANIFEST))) {
        for (Path file : rest) {
          Files.delete(file);
        }
      }
      Files.deleteIfExists(directory.resolve(MANIFEST));
      Files.deleteIfExists(directory);
    }
  }

  /**
   * Reads what the spool holds: the recordings of an earlier run with which something is left to
   * do. A directory without a readable manifest is reported in the log and left where it is.
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
          Manifest manifest = SpooledParticipants.read(directory, read(directory));
          pages.putIfAbsent(manifest.recordingId(), new Page(manifest));
          found.add(manifest);
        } catch (IOException e) {
          LOG.error("{} has no readable manifest and is left as it is", directory, e);
        }
      }
    } catch (IOException e) {
      throw new JournalException("cannot read the spool directory " + spool, e);
    }
    return found;
  }

  /** What begins with a dot is the spool's own. */
  static boolean isOfARecording(Path directory) {
    return Files.isDirectory(directory) && !directory.getFileName().toString().startsWith(".");
  }

  /** A crash in the middle of beginning or forgetting a recording leaves an empty directory. */
  private static boolean removedEmpty(Path directory) {
    try {
      if (!Manifest.isId(directory.getFileName().toString())) {
        return false;
      }
      Files.delete(directory);
      return true;
    } catch (IOException notEmpty) {
      return false;
    }
  }

  /** Reads a directory's manifest, which must be that of this directory and of no other. */
  static Manifest read(Path directory) throws IOException {
    Manifest manifest = SpoolDocuments.read(directory.resolve(MANIFEST), Manifest.class);
    if (!directory.getFileName().toString().equals(manifest.recordingId())) {
      throw new IOException("the manifest is not that of " + directory);
    }
    return manifest;
  }

  /** Waits a bounded time for the steps under way, and gives the spool back. */
  @Override
  public void close() {
    writers.close();
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("the spool {} could not be given back", spool, e);
    }
  }

  /** How many recordings have steps under way. */
  int stepsUnderWay() {
    return writers.underWay();
  }
}
