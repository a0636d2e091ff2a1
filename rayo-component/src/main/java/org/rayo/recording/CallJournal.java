package org.rayo.recording;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.rayo.recording.SpoolDocuments.Lasting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of the spool for each call that is up. It outlives the process; not a power failure, after
 * which no caller is there any more.
 */
public final class CallJournal implements CallNotes {

  private static final Logger LOG = LoggerFactory.getLogger(CallJournal.class);
  private static final String ENDING = ".json";

  private final Path directory;
  private final SpoolWriters writers;

  /** The last that was told and is not written yet. */
  private final Map<String, CallNote> unwritten = new ConcurrentHashMap<>();

  /**
   * @param directory made if it is not there
   */
  CallJournal(Path directory, SpoolWriters writers) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.writers = writers;
  }

  @Override
  public CompletionStage<Void> note(CallNote note) {
    String id = note.callId();
    unwritten.put(id, note);
    CompletionStage<Boolean> step =
        writers.ask(
            "call " + id,
            () -> {
              // What came meanwhile is written too; its own step then finds nothing left to do.
              CallNote latest = unwritten.remove(id);
              if (latest != null) {
                SpoolDocuments.replace(file(id), latest, Lasting.PROCESS);
              }
              return true;
            });
    told(id, step);
    return step.handle((done, failure) -> null);
  }

  @Override
  public void forget(String callId) {
    // Should this run end now, the next must not take a call that is over for one that broke off:
    // so what is known of its recordings goes to the disk first.
    told(
        callId,
        writers
            .ended(callId + "-")
            .thenCompose(
                done -> writers.ask("call " + callId, () -> Files.deleteIfExists(file(callId)))));
  }

  private Path file(String callId) {
    return directory.resolve(callId + ENDING);
  }

  private static void told(String callId, CompletionStage<?> step) {
    step.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.warn("the spool does not know what becomes of call {}", callId, failure);
          }
        });
  }

  /** The calls of an earlier run whose clients have not been told of their end. Blocks. */
  public List<CallNote> leftOver() {
    List<CallNote> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (file.getFileName().toString().endsWith(ENDING)) {
          read(file, found);
        } else {
          removeHalf(file);
        }
      }
    } catch (IOException e) {
      LOG.error("the calls of an earlier run cannot be read from {}", directory, e);
    }
    return found;
  }

  /** Half of a note, beside the one before it. */
  private static void removeHalf(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      LOG.warn("{} is no call of an earlier run and is left as it is", file, e);
    }
  }

  private static void read(Path file, List<CallNote> found) {
    try {
      CallNote note = SpoolDocuments.read(file, CallNote.class);
      if (!file.endsWith(note.callId() + ENDING)) {
        throw new IOException("it is the note of the call " + note.callId());
      }
      found.add(note);
    } catch (IOException e) {
      LOG.error("{} cannot be read, so nobody is told of the end of this call", file, e);
    }
  }
}
