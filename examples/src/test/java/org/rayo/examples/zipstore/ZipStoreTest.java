package org.rayo.examples.zipstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreContract;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.StoredRecording;

/** The contract, which is all that the test of a store needs to begin with. */
final class ZipStoreTest extends RecordingStoreContract {

  @TempDir Path place;

  private Path directory() {
    return place.resolve("recordings");
  }

  @Override
  protected RecordingStore open() throws StorageException {
    return new ZipStoreProvider()
        .create(
            StoreSettings.of(
                "archives", Map.of("type", "zip", "directory", directory().toString())));
  }

  @Override
  protected byte[] fetch(StoredRecording stored) throws IOException {
    URLConnection connection = stored.uri().toURL().openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      return in.readAllBytes();
    }
  }

  @Override
  protected List<String> everything() throws IOException {
    if (!Files.isDirectory(directory())) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(directory())) {
      return tree.filter(Files::isRegularFile)
          .map(path -> directory().relativize(path).toString())
          .map(name -> name.endsWith(".zip") ? name.substring(0, name.length() - 4) : name)
          .sorted()
          .toList();
    }
  }

  @Override
  protected List<String> visible() throws IOException {
    return everything();
  }

  @Override
  protected void breakPlace() throws IOException {
    Files.writeString(directory(), "a file where the directory should be");
  }

  @Override
  protected void repairPlace() throws IOException {
    Files.delete(directory());
  }

  @Test
  void finish_metadata_isInTheArchive() throws Exception {
    RecordingFile file = recording("day/a.mp3", audio(1_000, 1));
    try (RecordingStore store = open()) {
      store.begin(file).finish();
    }

    Properties described = new Properties();
    try (ZipFile zip = new ZipFile(directory().resolve("day/a.mp3.zip").toFile());
        InputStream in = zip.getInputStream(zip.getEntry("a.mp3.properties"))) {
      described.load(in);
    }
    assertThat(described)
        .containsEntry("recording-id", "rec-1")
        .containsEntry("media-type", "audio/mpeg")
        .containsEntry("from", "sip:a@b");
  }

  @Test
  void serviceLoader_typeZip_findsTheProvider() {
    assertThat(ServiceLoader.load(RecordingStoreProvider.class))
        .anyMatch(provider -> provider.type().equals("zip"));
  }
}
