package org.rayo.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do. A store's test extends it and says how to look into the store. */
public abstract class RecordingStoreContract extends UploadContract {

  @Test
  void finish_recordingAndItsSidecar_areBothThereOnce() throws Exception {
    byte[] bytes = audio(20_000, 20);
    byte[] json = "{\"recording-id\":\"rec-1\"}\n".getBytes(StandardCharsets.UTF_8);
    RecordingFile file = recording("2026/a.mp3", bytes);
    RecordingFile sidecar = file.sidecar(Files.write(spool().resolve("sidecar"), json));

    for (int times = 0; times < 2; times++) {
      assertThat(fetch(store.begin(sidecar).finish())).isEqualTo(json);
      assertThat(fetch(store.begin(file).finish())).isEqualTo(bytes);
    }

    assertThat(everythingAfterClose()).containsExactly("2026/a.mp3", "2026/a.mp3.json");
    Files.delete(sidecar.path());
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
}
