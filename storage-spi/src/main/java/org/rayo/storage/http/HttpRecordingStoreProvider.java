package org.rayo.storage.http;

import java.util.Optional;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;

/**
 * Makes stores of type {@code http}. Its keys are in docs/storage.md: {@code url} is the one that
 * is needed.
 */
public final class HttpRecordingStoreProvider implements RecordingStoreProvider {

  @Override
  public String type() {
    return "http";
  }

  /** As Kazoo's {@code record_call} names them; a second one of the same call differs. */
  @Override
  public Optional<String> namePattern() {
    return Optional.of("call_recording_{call-id}{again}.{format}");
  }

  @Override
  public RecordingStore create(StoreSettings settings) throws StorageException {
    return new HttpRecordingStore(HttpSettings.read(settings));
  }
}
