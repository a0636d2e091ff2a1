package org.rayo.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do. A store's test extends it and says how to look into the store. */
public abstract class RecordingStoreContract {

  @TempDir Path scratch;

  private final LoggedText log = new LoggedText();
  private RecordingStore store;

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

  @Test
  void finish_wholeFile_isAtTheUriWithItsSize() throws Exception {
    byte[] bytes = audio(100_000, 1);
    RecordingFile file = recording("2026/11/call_1.mp3", bytes);

    StoredRecording stored = store.begin(file).finish();

    assertThat(stored.sizeBytes()).isEqualTo(bytes.length);
    assertThat(fetch(stored)).isEqualTo(bytes);
    assertThat(visible()).containsExactly("2026/11/call_1.mp3");
    assertThat(Files.readAllBytes(file.path())).as("the spool's copy").isEqualTo(bytes);
  }

  @Test
  void finish_emptyFile_isStored() throws Exception {
    StoredRecording stored = store.begin(recording("empty.mp3", new byte[0])).finish();

    assertThat(stored.sizeBytes()).isZero();
    assertThat(fetch(stored)).isEmpty();
  }

  @Test
  void finish_notCalledYet_nothingIsVisible() throws Exception {
    Upload upload = store.begin(recording("a/b.mp3", audio(largeBytes(), 2)));
    assertThat(visible()).isEmpty();

    upload.advance(largeBytes() - 100_000);
    assertThat(visible()).isEmpty();

    upload.finish();
    assertThat(visible()).containsExactly("a/b.mp3");
  }

  @Test
  void finish_calledAgain_givesTheSameAnswer() throws Exception {
    Upload upload = store.begin(recording("a.mp3", audio(10, 3)));

    assertThat(upload.finish()).isEqualTo(upload.finish());
    assertThat(everythingAfterClose()).containsExactly("a.mp3");
  }

  @Test
  void finish_fileThatGrewAndWhoseHeadWasRewritten_isStoredAsItIsAtLast() throws Exception {
    byte[] bytes = audio(largeBytes(), 4);
    RecordingFile file = recording("grown.mp3", new byte[0]);
    Upload upload = store.begin(file);

    int step = bytes.length / 10;
    for (int written = 0; written < bytes.length; written += step) {
      int end = Math.min(bytes.length, written + step);
      byte[] next = Arrays.copyOfRange(bytes, written, end);
      Files.write(file.path(), next, StandardOpenOption.APPEND);
      upload.advance(end - 1_000);
    }
    System.arraycopy(audio(1_441, 5), 0, bytes, 0, 1_441);
    try (var channel = Files.newByteChannel(file.path(), StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(bytes, 0, 1_441));
    }

    assertThat(fetch(upload.finish())).isEqualTo(bytes);
  }

  /** As a format does that closes its last page at the end, or a recorder that cuts silence. */
  @Test
  void finish_fileWhoseEndChangedBehindWhatWasFinal_isStoredAsItIsAtLast() throws Exception {
    byte[] bytes = audio(largeBytes(), 6);
    RecordingFile file = recording("trimmed.mp3", bytes);
    Upload upload = store.begin(file);
    int last = bytes.length - 300_000;
    upload.advance(last);

    byte[] end = audio(120_000, 19);
    rewriteEnd(file, last, end);

    byte[] whole = Arrays.copyOf(bytes, last + end.length);
    System.arraycopy(end, 0, whole, last, end.length);
    StoredRecording stored = upload.finish();
    assertThat(stored.sizeBytes()).isEqualTo(whole.length);
    assertThat(fetch(stored)).isEqualTo(whole);
  }

  /** The file has other bytes, and only those, from here on. */
  protected static void rewriteEnd(RecordingFile file, long from, byte[] end) throws IOException {
    try (var channel = Files.newByteChannel(file.path(), StandardOpenOption.WRITE)) {
      channel.truncate(from).position(from).write(java.nio.ByteBuffer.wrap(end));
    }
  }

  /**
   * A promise that was broken: a store that sent nothing early may store what there is; one that
   * did must say so, and never show a mixture.
   */
  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000, 2_500_000})
  void finish_fileShorterThanWhatWasFinal_isStoredAsItIsOrNotAtAll(int left) throws Exception {
    byte[] bytes = audio(largeBytes(), 14);
    RecordingFile file = recording("short.mp3", bytes);
    Upload upload = store.begin(file);
    upload.advance(bytes.length);
    rewriteEnd(file, left, new byte[0]);

    StoredRecording[] stored = new StoredRecording[1];
    StorageException thrown =
        catchThrowableOfType(StorageException.class, () -> stored[0] = upload.finish());

    if (thrown != null) {
      assertThat(thrown.fault()).isEqualTo(StorageException.Fault.CORRUPTED);
      assertThat(visible()).isEmpty();
      upload.abort();
      stored[0] = store.begin(file).finish();
    }
    assertThat(fetch(stored[0])).isEqualTo(Arrays.copyOf(bytes, left));
    assertThat(everythingAfterClose()).containsExactly("short.mp3");
  }

  @Test
  void begin_sameRecordingAgain_leavesOneCopy() throws Exception {
    RecordingFile file = recording("same.mp3", audio(50_000, 7));

    StoredRecording first = store.begin(file).finish();
    StoredRecording second = store.begin(file).finish();

    assertThat(second).isEqualTo(first);
    assertThat(everythingAfterClose()).containsExactly("same.mp3");
  }

  @Test
  void begin_sameRecordingAfterARestart_leavesOneCopy() throws Exception {
    byte[] bytes = audio(50_000, 8);
    RecordingFile file = recording("same.mp3", bytes);
    store.begin(file).finish();

    try (RecordingStore restarted = open()) {
      restarted.check();
      assertThat(fetch(restarted.begin(file).finish())).isEqualTo(bytes);
    }
    assertThat(everythingAfterClose()).containsExactly("same.mp3");
  }

  @Test
  void abort_afterAdvance_leavesNothing() throws Exception {
    Upload upload = store.begin(recording("a/b.mp3", audio(largeBytes(), 9)));
    upload.advance(largeBytes() - 50_000);

    upload.abort();
    upload.abort();

    assertThat(everythingAfterClose()).isEmpty();
    assertThatThrownBy(upload::finish).isInstanceOf(StorageException.class);
  }

  @Test
  void finish_onAThreadThatWasInterrupted_blamesNeitherFileNorRecording() throws Exception {
    RecordingFile file = recording("a/b.mp3", audio(1_000, 18));
    Upload upload = store.begin(file);

    Thread.currentThread().interrupt();
    StorageException thrown = catchThrowableOfType(StorageException.class, upload::finish);
    upload.abort();

    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    if (thrown != null) {
      assertThat(thrown.fault()).isEqualTo(StorageException.Fault.UNAVAILABLE);
    }
    assertThat(fetch(store.begin(file).finish())).isEqualTo(audio(1_000, 18));
    assertThat(everythingAfterClose()).containsExactly("a/b.mp3");
  }

  @Test
  void abort_onAThreadThatWasInterrupted_leavesNothingAndKeepsTheInterrupt() throws Exception {
    Upload upload = store.begin(recording("a/b.mp3", audio(largeBytes(), 15)));
    upload.advance(largeBytes());

    Thread.currentThread().interrupt();
    upload.abort();

    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(everythingAfterClose()).isEmpty();
  }

  @Test
  void abort_afterFinish_doesNothing() throws Exception {
    Upload upload = store.begin(recording("kept.mp3", audio(10, 10)));
    upload.finish();

    upload.abort();

    assertThat(everythingAfterClose()).containsExactly("kept.mp3");
  }

  @Test
  void close_withAnUploadUnderWay_abortsIt() throws Exception {
    Upload upload = store.begin(recording("never.mp3", audio(largeBytes(), 11)));
    upload.advance(largeBytes());

    assertThat(everythingAfterClose()).isEmpty();
    assertThatThrownBy(upload::finish).isInstanceOf(StorageException.class);
  }

  @Test
  void finish_fiftyAtOnce_allAreThere() throws Exception {
    int uploads = 50;
    ExecutorService threads = Executors.newFixedThreadPool(uploads);
    try {
      CyclicBarrier start = new CyclicBarrier(uploads);
      List<Future<StoredRecording>> stored = new ArrayList<>();
      for (int i = 0; i < uploads; i++) {
        RecordingFile file = recording("day/" + i % 5 + "/call-" + i + ".mp3", audio(20_000, i));
        stored.add(
            threads.submit(
                () -> {
                  start.await(20, TimeUnit.SECONDS);
                  return store.begin(file).finish();
                }));
      }
      for (int i = 0; i < uploads; i++) {
        assertThat(fetch(stored.get(i).get(30, TimeUnit.SECONDS))).isEqualTo(audio(20_000, i));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(everythingAfterClose()).hasSize(uploads);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space.mp3",
        "100%.mp3",
        "%2e%2e/%41.mp3",
        "a+b&c=d?e#f;g.mp3",
        "größe/日本語 🎙.mp3",
        "..hidden/...mp3",
        "quote'\"<>|*.mp3",
        "~/.profile",
        "C:/autoexec.bat",
        "-rf.mp3",
      })
  void finish_keyWithOddCharacters_canBeFetchedByItsUri(String key) throws Exception {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);

    StoredRecording stored = store.begin(recording(key, bytes)).finish();

    assertThat(fetch(stored)).isEqualTo(bytes);
    assertThat(stored.uri().toString()).matches("[\\x21-\\x7e]+");
    assertThat(visible()).containsExactly(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../up.mp3",
        "a/../../up.mp3",
        "a//b.mp3",
        "a/./b.mp3",
        "a/",
        "a\\..\\b.mp3",
        "nul\0.mp3",
        "line\nbreak.mp3",
      })
  void recordingFile_hostileKey_isRefused(String key) {
    assertThatThrownBy(() -> recording(key, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key '");
  }

  @Test
  void finish_sourceMissing_isTheSourcesFault() throws Exception {
    RecordingFile file = recording("lost.mp3", new byte[10]);
    Files.delete(file.path());

    StorageException thrown =
        catchThrowableOfType(StorageException.class, () -> store.begin(file).finish());

    assertThat(thrown.fault()).isEqualTo(StorageException.Fault.SOURCE);
    assertThat(thrown).hasMessageContaining(file.path().getFileName().toString());
  }

  @Test
  void finish_sourceIsADirectory_isTheSourcesFault() throws Exception {
    Path directory = Files.createDirectories(spool().resolve("directory"));
    RecordingFile file = new RecordingFile("rec-1", directory, "d.mp3", "audio/mpeg", Map.of());

    StorageException thrown =
        catchThrowableOfType(StorageException.class, () -> store.begin(file).finish());

    assertThat(thrown.fault()).isEqualTo(StorageException.Fault.SOURCE);
    assertThat(everythingAfterClose()).isEmpty();
    Files.delete(directory);
  }

  @Test
  void finish_placeUnusable_saysSoAndCanBeTriedAgain() throws Exception {
    RecordingFile file = recording("x/later.mp3", audio(1_000, 12));
    breakPlace();

    StorageException thrown =
        catchThrowableOfType(StorageException.class, () -> store.begin(file).finish());

    assertThat(thrown.fault())
        .isIn(StorageException.Fault.UNAVAILABLE, StorageException.Fault.CONFIGURATION);
    assertThat(Files.readAllBytes(file.path())).isEqualTo(audio(1_000, 12));
    for (String secret : secrets()) {
      assertThat(text(thrown)).doesNotContain(secret);
      assertThat(store.toString()).doesNotContain(secret);
    }

    repairPlace();
    assertThat(fetch(store.begin(file).finish())).isEqualTo(audio(1_000, 12));
  }

  private static String text(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void check_placeUnusable_saysSoWithoutSecrets() throws Exception {
    breakPlace();

    StorageException thrown = catchThrowableOfType(StorageException.class, store::check);

    assertThat(thrown).isNotNull();
    assertThat(thrown.fault())
        .isIn(StorageException.Fault.UNAVAILABLE, StorageException.Fault.CONFIGURATION);
    for (String secret : secrets()) {
      assertThat(text(thrown)).doesNotContain(secret);
    }
  }

  @Test
  void finish_metadataThatIsHostileOrTooMuch_isStoredAllTheSame() throws Exception {
    byte[] bytes = audio(1_000, 16);
    Map<String, String> metadata =
        Map.of(
            "line\r\nbreak: x",
            "a\r\nAuthorization: evil\r\n\r\n",
            "größe",
            "日本語 🎙 \0 % \" ' ; , =",
            "",
            "no name",
            " ",
            " ",
            "Twice",
            "1",
            "twice",
            "2",
            "lone",
            "\ud83c",
            "long",
            "x".repeat(100_000),
            "n".repeat(10_000),
            "long name");
    RecordingFile plain = recording("described.mp3", bytes);
    RecordingFile file =
        new RecordingFile("rec\r\n-ü", plain.path(), plain.key(), plain.mediaType(), metadata);

    assertThat(fetch(store.begin(file).finish())).isEqualTo(bytes);
    assertThat(everythingAfterClose()).containsExactly("described.mp3");
  }

  @Test
  void finish_sameRecordingTwiceAtOnce_leavesOneCopy() throws Exception {
    byte[] bytes = audio(100_000, 17);
    RecordingFile file = recording("same.mp3", bytes);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      CyclicBarrier start = new CyclicBarrier(2);
      Callable<StoredRecording> upload =
          () -> {
            start.await(20, TimeUnit.SECONDS);
            return store.begin(file).finish();
          };
      Future<StoredRecording> one = threads.submit(upload);
      Future<StoredRecording> other = threads.submit(upload);
      assertThat(fetch(one.get(30, TimeUnit.SECONDS))).isEqualTo(bytes);
      assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(one.get());
    } finally {
      threads.shutdownNow();
    }
    assertThat(everythingAfterClose()).containsExactly("same.mp3");
  }

  @Test
  void check_usablePlace_leavesNothing() throws Exception {
    store.check();
    store.check();

    assertThat(everythingAfterClose()).isEmpty();
  }

  @Test
  void check_besideARunningUpload_leavesItAlone() throws Exception {
    byte[] bytes = audio(largeBytes(), 13);
    Upload upload = store.begin(recording("running.mp3", bytes));
    upload.advance(bytes.length - 100_000);

    try (RecordingStore other = open()) {
      other.check();
    }

    assertThat(fetch(upload.finish())).isEqualTo(bytes);
  }

  @Test
  void begin_closedStore_fails() throws Exception {
    RecordingFile file = recording("late.mp3", new byte[1]);
    store.close();

    assertThatThrownBy(() -> store.begin(file)).isInstanceOf(StorageException.class);
  }

  private List<String> everythingAfterClose() throws Exception {
    store.close();
    return everything();
  }
}
