package org.rayo.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store under test, on a place of its own, and how to look into it. */
public abstract class StorePlace {

  @TempDir Path scratch;

  private final LoggedText log = new LoggedText();
  RecordingStore store;

  /** A store on this test's own, empty place; called again, another one on the same place. */
  protected abstract RecordingStore open() throws Exception;

  /** What a client gets who fetches the uri. */
  protected abstract byte[] fetch(StoredRecording stored) throws Exception;

  /** The keys of everything that the place holds, parts of uploads too; sorted. */
  protected abstract List<String> everything() throws Exception;

  /** The keys of what can be seen as a recording; sorted. */
  protected abstract List<String> visible() throws Exception;

  /** Makes the place unusable: the next upload must fail. */
  protected abstract void breakPlace() throws Exception;

  /** Undoes {@link #breakPlace}. */
  protected abstract void repairPlace() throws Exception;

  /** What no text may have: the secrets that {@link #open} has configured. */
  protected List<String> secrets() {
    return List.of();
  }

  /** Enough for the store to send some of it while it grows. */
  protected int largeBytes() {
    return 3_000_000;
  }

  /** Where the spool lies in this test. */
  protected Path spool() throws IOException {
    return Files.createDirectories(scratch.resolve("spool"));
  }

  @BeforeEach
  final void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  final void closeStore() {
    store.close();
    log.close();
    secrets().forEach(secret -> assertThat(log.text()).doesNotContain(secret));
  }

  /** Bytes that look like no other recording's. */
  protected static byte[] audio(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A recording in the spool. */
  protected final RecordingFile recording(String key, byte[] bytes) throws IOException {
    Path path = Files.createTempFile(spool(), "audio", ".mp3");
    Files.write(path, bytes);
    return new RecordingFile("rec-1", path, key, "audio/mpeg", Map.of("from", "sip:a@b"));
  }

  final List<String> everythingAfterClose() throws Exception {
    store.close();
    return everything();
  }
}
