package org.rayo.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rayo.storage.StoreSettings;

/**
 * {@code rayo.storage}: where recordings are kept.
 *
 * @param stores settings by name; only the store itself knows which of its keys are right
 * @param defaultStores names among {@code stores}, at least one, in the order of preference
 * @param completeDeadline how long a {@code complete} waits for a slow store
 */
public record StorageConfig(
    Map<String, StoreSettings> stores, List<String> defaultStores, Duration completeDeadline) {

  /** Knows what the keys of a store may be, which only its type does. */
  @FunctionalInterface
  public interface StoreRules {
    /** Takes whatever it is given. */
    StoreRules NONE = settings -> Optional.empty();

    /** What is wrong with a store's keys, with the whole key and without secrets. */
    Optional<String> complaint(StoreSettings settings);
  }

  private static final String STORES = "rayo.storage.stores";

  public StorageConfig {
    stores = Map.copyOf(stores);
    defaultStores = List.copyOf(defaultStores);
  }

  static StorageConfig read(ConfigReader reader, StoreRules rules) {
    Map<String, StoreSettings> stores = readStores(reader, rules);
    List<String> defaults =
        reader.list(
            "rayo.storage.default",
            name -> {
              if (!stores.containsKey(name)) {
                throw new IllegalArgumentException("no store is called '" + name + "'");
              }
              return name;
            },
            "the name of one of the stores: " + String.join(", ", stores.keySet()));
    if (defaults.isEmpty() && reader.listIsEmpty("rayo.storage.default")) {
      reader.wrong("rayo.storage.default", "at least one store");
    }
    return new StorageConfig(
        stores,
        defaults,
        reader.duration(
            "rayo.storage.complete-deadline", Duration.ofMillis(100), Duration.ofMinutes(10)));
  }

  private static Map<String, StoreSettings> readStores(ConfigReader reader, StoreRules rules) {
    Map<String, StoreSettings> stores = new TreeMap<>();
    reader
        .block(STORES)
        .forEach(
            (name, value) -> {
              String path = STORES + "." + name;
              Map<String, String> values = new TreeMap<>();
              if (!(value instanceof ConfigObject block)) {
                reader.complain(new Problem(path + ": must be a block { type = ... }", value));
                return;
              }
              flatten("", block, values);
              if (values.getOrDefault("type", "").isEmpty()) {
                reader.complain(new Problem(path + ".type: missing; the kind of store", value));
                return;
              }
              StoreSettings settings = StoreSettings.of(name, values);
              rules
                  .complaint(settings)
                  .ifPresent(complaint -> reader.complain(new Problem(complaint, value)));
              stores.put(name, settings);
            });
    return stores;
  }

  private static void flatten(String prefix, ConfigObject object, Map<String, String> values) {
    object.forEach(
        (name, value) -> {
          if (value instanceof ConfigObject block) {
            flatten(prefix + name + ".", block, values);
          } else if (value instanceof ConfigList list) {
            values.put(
                prefix + name,
                list.unwrapped().stream().map(String::valueOf).collect(Collectors.joining(",")));
          } else if (value.valueType() != ConfigValueType.NULL) {
            values.put(prefix + name, String.valueOf(value.unwrapped()));
          }
        });
  }
}
