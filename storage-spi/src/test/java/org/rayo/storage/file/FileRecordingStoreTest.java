package org.rayo.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreContract;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;

final class FileRecordingStoreTest {

  private static StoreSettings settings(Path directory, String... more) {
    Map<String, String> values = new java.util.HashMap<>();
    values.put("type", "file");
    values.put("directory", directory.toString());
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return StoreSettings.of("local", values);
  }

  private static RecordingStore store(Path directory, String... more) throws StorageException {
    return new FileRecordingStoreProvider().create(settings(directory, more));
  }

  private static List<String> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      return tree.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  /** The contract, with the spool on the store's file system or on another. */
  abstract static class Contract extends RecordingStoreContract {

    @TempDir Path place;

    @Override
    protected RecordingStore open() throws StorageException {
      return store(place.resolve("recordings"));
    }

    @Override
    protected byte[] fetch(StoredRecording stored) throws Exception {
      return Files.readAllBytes(Path.of(stored.uri()));
    }

    @Override
    protected List<String> everything() throws IOException {
      return files(place.resolve("recordings"));
    }

    @Override
    protected List<String> visible() throws IOException {
      return everything().stream().filter(key -> !key.startsWith(".parts/")).toList();
    }

    @Override
    protected void breakPlace() throws IOException {
      Files.writeString(place.resolve("recordings"), "a file where the directory should be");
    }

    @Override
    protected void repairPlace() throws IOException {
      Files.delete(place.resolve("recordings"));
    }
  }

  @Nested
  final class OnOneFileSystem extends Contract {

    @Test
    void finish_sameFileSystem_linksInsteadOfCopying() throws Exception {
      RecordingFile file = recording("linked.mp3", audio(1_000, 1));
      try (RecordingStore store = open()) {
        StoredRecording stored = store.begin(file).finish();
        assertThat(Files.isSameFile(file.path(), Path.of(stored.uri()))).isTrue();
      }
    }
  }

  @Nested
  final class AcrossFileSystems extends Contract {

    private static final Path OTHER = Path.of("/dev/shm");

    private Path spool;

    @BeforeEach
    void makeSpool() throws IOException {
      assumeTrue(
          Files.isWritable(OTHER) && !Files.getFileStore(OTHER).equals(Files.getFileStore(place)),
          "needs a second file system at /dev/shm");
      spool = Files.createTempDirectory(OTHER, "rayo-spool");
    }

    @AfterEach
    void removeSpool() throws IOException {
      if (spool != null) {
        for (String name : files(spool)) {
          Files.delete(spool.resolve(name));
        }
        Files.delete(spool);
      }
    }

    @Override
    protected Path spool() {
      return spool;
    }

    @Test
    void finish_otherFileSystem_copies() throws Exception {
      RecordingFile file = recording("copied.mp3", audio(1_000, 1));
      try (RecordingStore store = open()) {
        StoredRecording stored = store.begin(file).finish();
        assertThat(Files.isSameFile(file.path(), Path.of(stored.uri()))).isFalse();
      }
    }
  }

  @TempDir Path scratch;

  private RecordingFile recording(String key) throws IOException {
    Path path = Files.writeString(scratch.resolve("audio"), "speech");
    return new RecordingFile("rec-1", path, key, "audio/mpeg", Map.of());
  }

  @Test
  void serviceLoader_typeFile_findsTheProvider() {
    assertThat(ServiceLoader.load(RecordingStoreProvider.class))
        .anySatisfy(
            provider -> {
              assertThat(provider).isInstanceOf(FileRecordingStoreProvider.class);
              assertThat(provider.type()).isEqualTo("file");
            });
  }

  @Test
  void finish_withBaseUrl_givesItsEncodedAddress() throws Exception {
    String base = "https://recordings.example.org/calls/";
    try (RecordingStore store = store(scratch.resolve("r"), "base-url", base)) {
      assertThat(store.begin(recording("größe/100% a.mp3")).finish().uri())
          .isEqualTo(URI.create(base + "gr%C3%B6%C3%9Fe/100%25%20a.mp3"));
    }
  }

  @Test
  void finish_withPermissions_setsThemOnFileAndDirectory() throws Exception {
    Path directory = scratch.resolve("r");
    try (RecordingStore store = store(directory, "permissions", "rw-r-----")) {
      store.begin(recording("day/a.mp3")).finish();
    }

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("day/a.mp3"))))
        .isEqualTo("rw-r-----");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("day"))))
        .isEqualTo("rwxr-x---");
  }

  @Test
  void begin_linkThatLeadsOutside_isRefusedAndNothingWritten() throws Exception {
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    Path directory = Files.createDirectory(scratch.resolve("r"));
    Files.createSymbolicLink(directory.resolve("day"), outside);

    try (RecordingStore store = store(directory)) {
      StorageException thrown =
          catchThrowableOfType(
              StorageException.class, () -> store.begin(recording("day/x/a.mp3")).finish());
      assertThat(thrown.fault()).isEqualTo(Fault.REFUSED);
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void finish_linkAtTheKeyItself_isReplacedAndNotFollowed() throws Exception {
    Path outside = Files.writeString(scratch.resolve("outside"), "precious");
    Path directory = Files.createDirectory(scratch.resolve("r"));
    Files.createSymbolicLink(directory.resolve("a.mp3"), outside);

    try (RecordingStore store = store(directory)) {
      store.begin(recording("a.mp3")).finish();
    }

    assertThat(outside).hasContent("precious");
    assertThat(directory.resolve("a.mp3")).isRegularFile().hasContent("speech");
  }

  @Test
  void begin_keyThatCannotBeAPlace_isRefused() throws Exception {
    try (RecordingStore store = store(scratch.resolve("r"))) {
      store.begin(recording("a")).finish();
      for (String key : List.of("a/b", ".parts/x", "n".repeat(256))) {
        StorageException thrown =
            catchThrowableOfType(
                StorageException.class, () -> store.begin(recording(key)).finish());
        assertThat(thrown.fault()).as(key).isEqualTo(Fault.REFUSED);
      }
      store.begin(recording("d/b")).finish();
      assertThatThrownBy(() -> store.begin(recording("d")).finish())
          .hasMessageContaining("is a directory");
    }
  }

  @Test
  void check_directoryThatCannotBeMade_namesKeyAndPath() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "");
    try (RecordingStore store = store(file.resolve("r"))) {
      StorageException thrown = catchThrowableOfType(StorageException.class, store::check);
      assertThat(thrown.fault()).isEqualTo(Fault.CONFIGURATION);
      assertThat(thrown)
          .hasMessageContaining("rayo.storage.stores.local.directory = \"" + file.resolve("r"));
    }
  }

  @Test
  void check_missingDirectory_isNotMade() throws Exception {
    Path directory = scratch.resolve("not/yet");

    try (RecordingStore store = store(directory)) {
      store.check();
    }

    assertThat(directory.getParent()).doesNotExist();
  }

  @Test
  void check_partsOfACrashedRun_areRemoved() throws Exception {
    Path directory = scratch.resolve("r");
    Process crashing = runAndKill(directory);
    assertThat(crashing.exitValue()).isNotZero();
    assertThat(files(directory)).anyMatch(name -> name.endsWith(".part"));

    try (RecordingStore store = store(directory)) {
      store.check();
    }

    assertThat(files(directory)).isEmpty();
  }

  @Test
  void finish_fileShorterThanWhatWasFinal_isRefusedForThisUpload() throws Exception {
    RecordingFile file = recording("a.mp3");
    try (RecordingStore store = store(scratch.resolve("r"))) {
      Upload upload = store.begin(file);
      upload.advance(6);
      Files.writeString(file.path(), "speec");
      StorageException thrown = catchThrowableOfType(StorageException.class, upload::finish);
      assertThat(thrown.fault()).isEqualTo(Fault.CORRUPTED);
      assertThat(thrown).hasMessage(file.path() + " has 5 bytes, of which 6 were final");
    }
    assertThat(files(scratch.resolve("r"))).isEmpty();
  }

  private Process runAndKill(Path directory) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Crash.class.getName(),
                directory.toString(),
                recording("x").path().toString())
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("log").toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process;
  }

  /** Begins an upload, and ends as a killed process does. */
  static final class Crash {
    public static void main(String[] args) throws Exception {
      RecordingStore store = store(Path.of(args[0]));
      RecordingFile file =
          new RecordingFile("rec-1", Path.of(args[1]), "never.mp3", "audio/mpeg", Map.of());
      Upload upload = store.begin(file);
      upload.advance(6);
      Runtime.getRuntime().halt(1);
    }
  }

  @Test
  void create_wrongSettings_nameKeyValueAndWhatIsAllowed() {
    Path directory = scratch;
    assertThatThrownBy(() -> store(directory, "directroy", "/x"))
        .hasMessage(
            "rayo.storage.stores.local.directroy: unknown key; allowed: type, base-url,"
                + " directory, keep, name, permissions");
    assertThatThrownBy(() -> store(directory, "base-url", "ftp://x/"))
        .hasMessageStartingWith("rayo.storage.stores.local.base-url = \"ftp://x/\": must be");
    assertThatThrownBy(() -> store(directory, "base-url", "http://x y/"))
        .hasMessageContaining("must be an http: or https: address");
    assertThatThrownBy(() -> store(directory, "permissions", "0640"))
        .hasMessageContaining("permissions = \"0640\": must be nine letters as in rw-r-----");
    assertThatThrownBy(() -> store(directory, "permissions", "-wx------"))
        .hasMessageContaining("readable by the owner");
    assertThatThrownBy(() -> store(Path.of("")))
        .hasMessage("rayo.storage.stores.local.directory: missing, and needed");
  }
}
