package org.rayo.storage.http;

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

  @Override
  public RecordingStore create(StoreSettings settings) throws StorageException {
    return new HttpRecordingStore(HttpSettings.read(settings));
  }
}
