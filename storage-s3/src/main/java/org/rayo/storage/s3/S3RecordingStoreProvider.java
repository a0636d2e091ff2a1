package org.rayo.storage.s3;

import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;

/**
 * Makes stores of type {@code s3}. Its keys are in docs/storage.md: {@code bucket} is the one that
 * is needed.
 */
public final class S3RecordingStoreProvider implements RecordingStoreProvider {

  @Override
  public String type() {
    return "s3";
  }

  @Override
  public RecordingStore create(StoreSettings settings) throws StorageException {
    return new S3RecordingStore(S3Settings.read(settings));
  }
}
