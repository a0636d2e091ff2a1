package org.rayo.server;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.rayo.config.StorageConfig;
import org.rayo.storage.NameTemplate;
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
    List<RecordingStoreProvider> providers = providers();
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
   * All of them, by name.
   *
   * @throws StorageException naming the key that is wrong; none is open then
   */
  static Map<String, RecordingStore> open(StorageConfig config) throws StorageException {
    Map<String, RecordingStore> stores = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, StoreSettings> entry : config.stores().entrySet()) {
        stores.put(entry.getKey(), open(entry.getValue()));
      }
    } catch (StorageException e) {
      stores.values().forEach(RecordingStore::close);
      throw e;
    }
    return stores;
  }

  /**
   * How recordings are named in the stores that have a way of their own.
   *
   * @throws StorageException if a store has no type
   */
  static Map<String, NameTemplate> names(StorageConfig config) throws StorageException {
    Map<String, NameTemplate> names = new LinkedHashMap<>();
    for (Map.Entry<String, StoreSettings> store : config.stores().entrySet()) {
      String type = store.getValue().type();
      Optional.ofNullable(config.storeNames().get(store.getKey()))
          .or(() -> pattern(type))
          .ifPresent(template -> names.put(store.getKey(), template));
    }
    return names;
  }

  private static Optional<NameTemplate> pattern(String type) {
    return providers().stream()
        .filter(provider -> provider.type().equals(type))
        .findFirst()
        .flatMap(RecordingStoreProvider::namePattern)
        .map(NameTemplate::parse);
  }

  private static List<RecordingStoreProvider> providers() {
    return ServiceLoader.load(RecordingStoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /** Those that recordings go to without being asked for, first those that all of them go to. */
  static Set<String> inUse(StorageConfig config) {
    Set<String> names = new LinkedHashSet<>(config.defaultStores());
    config.fallback().ifPresent(names::add);
    return names;
  }
}
