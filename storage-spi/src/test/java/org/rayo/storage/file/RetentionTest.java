package org.rayo.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.Upload;

/** Recordings are removed when they are old, and nothing else ever is. */
final class RetentionTest {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Duration KEEP = Duration.ofDays(90);

  @TempDir Path scratch;

  private FileRecordingStore store() throws IOException {
    return new FileRecordingStore(
        "key",
        Files.createDirectories(root()),
        Optional.empty(),
        Optional.empty(),
        Optional.of(KEEP),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private Path root() {
    return scratch.resolve("r");
  }

  private Path file(String name, int daysOld) throws IOException {
    Path file = root().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "speech");
    Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(daysOld))));
    return file;
  }

  private void recording(String name, int daysOld) throws IOException {
    file(name, daysOld);
    file(name + ".json", daysOld);
  }

  private int sweep() throws IOException {
    try (FileRecordingStore store = store()) {
      return store.retention().orElseThrow().sweep();
    }
  }

  private List<String> left() throws IOException {
    try (Stream<Path> tree = Files.walk(root())) {
      return tree.filter(path -> !path.equals(root()))
          .map(path -> root().relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void sweep_oldRecordings_goWithSidecarsAndEmptyDirectories() throws Exception {
    recording("2026/01/02/a.mp3", 91);
    recording("2026/01/02/b.mp3", 90);
    recording("2026/01/03/c.mp3", 400);
    recording("2025/12/31/d.mp3", 400);

    assertThat(sweep()).isEqualTo(3);

    assertThat(left())
        .containsExactly(
            "2026", "2026/01", "2026/01/02", "2026/01/02/b.mp3", "2026/01/02/b.mp3.json");
  }

  @Test
  void sweep_allThatIsNoRecording_stays() throws Exception {
    file("no-sidecar.mp3", 400);
    file("only.mp3.json", 400);
    file("notes.txt", 400);
    file("late.mp3", 400); // stored again lately, as its sidecar tells
    file("late.mp3.json", 1);
    file("odd.mp3", 400);
    Files.createDirectory(root().resolve("odd.mp3.json"));
    file("x.json", 400);
    file("x.json.json", 400);
    Files.createDirectory(root().resolve("empty"));
    List<String> before = left();

    assertThat(sweep()).isZero();

    assertThat(left()).isEqualTo(before);
  }

  @Test
  void sweep_parts_areNeverLookedInto() throws Exception {
    recording(".parts/a.mp3", 400);
    recording("day/.parts/b.mp3", 400);

    assertThat(sweep()).isEqualTo(1);

    assertThat(left()).containsExactly(".parts", ".parts/a.mp3", ".parts/a.mp3.json");
  }

  @Test
  void sweep_links_areNeverFollowed() throws Exception {
    Path outside = scratch.resolve("outside");
    Files.createDirectories(root());
    recording("../outside/a.mp3", 400);
    recording("../outside/b.mp3", 400);
    Files.createSymbolicLink(root().resolve("day"), outside);
    Files.createSymbolicLink(root().resolve("b.mp3"), outside.resolve("b.mp3"));
    Files.createSymbolicLink(root().resolve("b.mp3.json"), outside.resolve("b.mp3.json"));
    file("c.mp3", 400);
    Files.createSymbolicLink(root().resolve("c.mp3.json"), outside.resolve("b.mp3.json"));

    assertThat(sweep()).isZero();

    assertThat(left()).containsExactly("b.mp3", "b.mp3.json", "c.mp3", "c.mp3.json", "day");
    assertThat(outside).isDirectoryContaining("glob:**/b.mp3").isDirectoryContaining("glob:**/a.*");
  }

  @Test
  void sweep_recordingThatIsLinkedFromTheSpool_leavesTheSpools() throws Exception {
    Path spool = Files.writeString(scratch.resolve("spooled"), "speech");
    Files.setLastModifiedTime(spool, FileTime.from(NOW.minus(Duration.ofDays(400))));
    try (FileRecordingStore store = store()) {
      RecordingFile recording =
          new RecordingFile("rec-1", spool, "day/a.mp3", "audio/mpeg", Map.of());
      store.begin(recording).finish();
      Upload sidecar = store.begin(recording.sidecar(spool));
      sidecar.finish();

      assertThat(store.retention().orElseThrow().sweep()).isEqualTo(1);
    }
    assertThat(left()).isEmpty();
    assertThat(spool).hasContent("speech");
  }

  @Test
  void sweep_directoryThatIsMissing_isNotMade() throws Exception {
    try (FileRecordingStore store = store()) {
      Files.delete(root());
      assertThat(store.retention().orElseThrow().sweep()).isZero();
    }
    assertThat(Files.exists(root(), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void create_keep_isReadAndOffWithoutIt() throws Exception {
    FileRecordingStoreProvider provider = new FileRecordingStoreProvider();
    String root = root().toString();
    try (FileRecordingStore forEver =
            (FileRecordingStore)
                provider.create(
                    StoreSettings.of("local", Map.of("type", "file", "directory", root)));
        FileRecordingStore ninetyDays =
            (FileRecordingStore)
                provider.create(
                    StoreSettings.of(
                        "local", Map.of("type", "file", "directory", root, "keep", "90d")))) {
      assertThat(forEver.retention()).isEmpty();
      assertThat(ninetyDays.retention()).isPresent();
    }
    assertThatThrownBy(
            () ->
                provider.create(
                    StoreSettings.of(
                        "local", Map.of("type", "file", "directory", root, "keep", "0d"))))
        .hasMessage("rayo.storage.stores.local.keep = \"0d\": must be from 3600s to 36500d");
  }
}
