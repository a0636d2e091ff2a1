package org.rayo.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.storage.NameTemplate;
import org.rayo.storage.RecordingFacts;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.Upload;

/** Whatever callers and clients have written, the store makes a file of it in its directory. */
class HostileNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "-rf",
        "C:",
        "CON",
        "a\u0000b",
        "a\nb",
        "\u202Etxt",
        "Müller 7",
        "%2e%2e%2f",
        "a.json",
        "~root"
      })
  void hostileFact_inEveryWord_isAFileInTheDirectory(String hostile, @TempDir Path directory)
      throws Exception {
    Path audio = Files.write(directory.resolve("audio"), new byte[10]);
    Path out = directory.resolve("out");
    StoreSettings settings =
        StoreSettings.of("local", Map.of("type", "file", "directory", out.toString()));
    RecordingFacts facts =
        new RecordingFacts(
            "r1",
            hostile,
            "component",
            false,
            hostile,
            hostile,
            hostile.repeat(500),
            "wav",
            Instant.EPOCH,
            new UUID(1, 2),
            Optional.of(hostile),
            Map.of("x", hostile));
    String name =
        NameTemplate.parse("{from}/{to}/{call-id}{again}/{client}/{mixer}/{meta.x}/{recording-id}")
            .name(facts);
    try (RecordingStore store = new FileRecordingStoreProvider().create(settings)) {
      Upload upload = store.begin(new RecordingFile("r1", audio, name, "audio/wav", Map.of()));
      assertThat(upload.finish().sizeBytes()).isEqualTo(10);
    }
    assertThat(out.resolve(name).normalize()).startsWith(out).isRegularFile();
  }
}
