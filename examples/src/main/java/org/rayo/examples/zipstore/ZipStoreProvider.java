package org.rayo.examples.zipstore;

import java.nio.file.Path;
import java.util.Set;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;

/** Makes stores of type {@code zip}. Its only key is {@code directory}. */
public final class ZipStoreProvider implements RecordingStoreProvider {

  @Override
  public String type() {
    return "zip";
  }

  @Override
  public RecordingStore create(StoreSettings settings) throws StorageException {
    settings.known(Set.of("type", "directory"));
    return new ZipStore(
        settings.path("directory"), Path.of(settings.required("directory")).toAbsolutePath());
  }
}
