package org.rayo.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rayo.storage.NameTemplate;
import org.rayo.storage.StoreSettings;

/**
 * {@code rayo.storage}: where recordings are kept.
 *
 * @param stores settings by name; only the store itself knows which of its keys are right
 * @param defaultStores names among {@code stores}, at least one, in the order of preference
 * @param storeNames how recordings are named in the stores that have a key {@code name}
 * @param fallback name among {@code stores} of the one that takes over when the first is late
 * @param completeDeadline how long a {@code complete} waits for a slow store
 * @param giveUpAfter how long a store that fails is asked again
 * @param parallelUploads to one store
 * @param sidecar whether a JSON document about it lies beside each recording
 * @param encryptionKey file with the public key to which recordings are encrypted
 */
public record StorageConfig(
    Map<String, StoreSettings> stores,
    Map<String, NameTemplate> storeNames,
    List<String> defaultStores,
    Optional<String> fallback,
    Duration completeDeadline,
    Duration giveUpAfter,
    int parallelUploads,
    boolean sidecar,
    Optional<Path> encryptionKey) {

  /** Knows what the keys of a store may be, which only its type does. */
  @FunctionalInterface
  public interface StoreRules {
    /** Takes whatever it is given. */
    StoreRules NONE = settings -> Optional.empty();

    /** What is wrong with a store's keys, with the whole key and without secrets. */
    Optional<String> complaint(StoreSettings settings);
  }

  private static final String STORES = "rayo.storage.stores";

  /** As the hint {@code store} may have it. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public StorageConfig {
    stores = Collections.unmodifiableMap(new TreeMap<>(stores));
    storeNames = Map.copyOf(storeNames);
    defaultStores = List.copyOf(defaultStores);
  }

  static StorageConfig read(ConfigReader reader, StoreRules rules) {
    Map<String, NameTemplate> names = new TreeMap<>();
    Map<String, StoreSettings> stores = readStores(reader, rules, names);
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
    if (defaults.stream().distinct().count() < defaults.size()) {
      reader.wrong("rayo.storage.default", "a list without repetition");
    }
    return new StorageConfig(
        stores,
        names,
        defaults,
        fallback(reader, stores),
        reader.duration(
            "rayo.storage.complete-deadline", Duration.ofMillis(100), Duration.ofMinutes(10)),
        reader.duration("rayo.storage.give-up-after", Duration.ofMinutes(1), Duration.ofDays(365)),
        reader.integer("rayo.storage.parallel-uploads", 1, 256),
        reader.flag("rayo.storage.sidecar"),
        reader.optionalPath("rayo.storage.encryption.public-key", "a file with a public key"));
  }

  private static Optional<String> fallback(ConfigReader reader, Map<String, StoreSettings> stores) {
    String allowed = "the name of one of the stores, " + String.join(", ", stores.keySet());
    return reader.parsed(
        "rayo.storage.fallback",
        name -> {
          if (!name.isEmpty() && !stores.containsKey(name)) {
            throw new IllegalArgumentException("no store is called '" + name + "'");
          }
          return Optional.of(name).filter(text -> !text.isEmpty());
        },
        Optional.empty(),
        allowed + ", or \"\" for none");
  }

  private static Map<String, StoreSettings> readStores(
      ConfigReader reader, StoreRules rules, Map<String, NameTemplate> names) {
    Map<String, StoreSettings> stores = new TreeMap<>();
    reader
        .block(STORES)
        .forEach(
            (name, value) -> {
              String path = STORES + "." + name;
              Map<String, String> values = new TreeMap<>();
              if (!NAME.matcher(name).matches()) {
                reader.complain(
                    new Problem(path + ": a store's name has letters, digits, - and _", value));
                return;
              }
              if (!(value instanceof ConfigObject block)) {
                reader.complain(new Problem(path + ": must be a block { type = ... }", value));
                return;
              }
              flatten("", block, values);
              if (values.getOrDefault("type", "").isEmpty()) {
                reader.complain(new Problem(path + ".type: missing; the kind of store", value));
                return;
              }
              Optional.ofNullable(values.remove("name"))
                  .ifPresent(
                      text ->
                          name(reader, path, text, block.getOrDefault("name", value), names, name));
              StoreSettings settings = StoreSettings.of(name, values);
              rules
                  .complaint(settings)
                  .ifPresent(complaint -> reader.complain(new Problem(complaint, value)));
              stores.put(name, settings);
            });
    return stores;
  }

  /** How recordings are named in a store: no matter of its type. */
  private static void name(
      ConfigReader reader,
      String path,
      String text,
      ConfigValue value,
      Map<String, NameTemplate> names,
      String store) {
    try {
      names.put(store, NameTemplate.parse(text));
    } catch (IllegalArgumentException e) {
      reader.complain(
          new Problem(path + ".name = \"" + text + "\" is no name: " + e.getMessage(), value));
    }
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
