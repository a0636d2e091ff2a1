package org.rayo.storage;

import java.util.Optional;

/**
 * Makes stores of one type. Found by {@link java.util.ServiceLoader}, so a jar on the class path is
 * all it takes to add a type.
 */
public interface RecordingStoreProvider {

  /** The value of {@code type} in a store's configuration, for example {@code file}. */
  String type();

  /**
   * How this type names recordings ({@link NameTemplate}) where its configuration has no {@code
   * name} and the client has chosen none; empty for the server's own template.
   */
  default Optional<String> namePattern() {
    return Optional.empty();
  }

  /**
   * Makes a store.
   *
   * @throws StorageException fault {@link StorageException.Fault#CONFIGURATION}, naming the key,
   *     its value and what is allowed; also for a key that this type does not know
   */
  RecordingStore create(StoreSettings settings) throws StorageException;
}
