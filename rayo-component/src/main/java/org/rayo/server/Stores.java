package org.rayo.server;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.rayo.config.StorageConfig;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;

/** Makes stores of whatever types there are on the class path. */
final class Stores {

  private Stores() {}

  /**
   * Makes a store; nothing outside this process is touched.
   *
   * @throws StorageException naming the key that is wrong, and what is allowed
   */
  static RecordingStore open(StoreSettings settings) throws StorageException {
    List<RecordingStoreProvider> providers =
        ServiceLoader.load(RecordingStoreProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    String type = settings.type();
    for (RecordingStoreProvider provider : providers) {
      if (provider.type().equals(type)) {
        return provider.create(settings);
      }
    }
    throw settings.wrong(
        "type",
        providers.stream()
            .map(RecordingStoreProvider::type)
            .sorted()
            .collect(Collectors.joining(" or ")));
  }

  /** What is wrong with a store's keys, if anything. */
  static Optional<String> complaint(StoreSettings settings) {
    try {
      open(settings).close();
      return Optional.empty();
    } catch (StorageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The one store that gets the recordings.
   *
   * @throws StartException if there are several, which is not supported yet
   */
  static StoreSettings used(StorageConfig config) throws StartException {
    List<String> names = config.defaultStores();
    Optional<StoreSettings> settings =
        Optional.ofNullable(config.stores().get(names.get(0))).filter(only -> names.size() == 1);
    return settings.orElseThrow(
        () -> new StartException("rayo.storage.default = " + names + ": must name one store"));
  }
}
