package org.rayo.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One store's block of the configuration, {@code rayo.storage.stores.<name>}. Values are text;
 * nested blocks have dotted keys ({@code credentials.user}); an empty value counts as absent.
 *
 * <p>Every complaint is a {@link StorageException} with fault {@link
 * StorageException.Fault#CONFIGURATION} that begins with the whole key. Values may be secret:
 * {@link #toString} has none, and {@link #secret} never puts its value into a complaint. Immutable.
 */
public final class StoreSettings {

  /** The key that every store may have. */
  public static final String NAME = "name";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,12}) ?(ms|s|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,12}) ?(B|KiB|MiB|GiB)?");

  private final String store;
  private final Map<String, String> values;

  private StoreSettings(String store, Map<String, String> values) {
    this.store = store;
    this.values = Map.copyOf(values);
  }

  /**
   * The settings of the store of this name.
   *
   * @param values by key; the key {@code type} is among them
   */
  public static StoreSettings of(String store, Map<String, String> values) {
    return new StoreSettings(store, values);
  }

  /** The store's name in the configuration. */
  public String store() {
    return store;
  }

  /** Which {@link RecordingStoreProvider} makes this store. */
  public String type() throws StorageException {
    return required("type");
  }

  /** The whole key, as it would be written in the configuration. */
  public String path(String key) {
    return "rayo.storage.stores." + store + "." + key;
  }

  /**
   * Refuses any key that is not among {@code allowed}; call it first. {@code name}, the naming
   * template of the store's recordings, is allowed for every type: the server reads it.
   */
  public void known(Set<String> allowed) throws StorageException {
    known(allowed, Set.of());
  }

  /**
   * As {@link #known(Set)}, but for keys inside one of {@code blocks}, which are free (metadata,
   * headers).
   */
  public void known(Set<String> own, Set<String> blocks) throws StorageException {
    Set<String> allowed = new TreeSet<>(own);
    allowed.add(NAME);
    for (String key : new TreeMap<>(values).keySet()) {
      if (!allowed.contains(key)
          && blocks.stream().noneMatch(block -> key.startsWith(block + "."))) {
        // The value stays out: what is misspelt may be a secret.
        throw configuration(key + ": unknown key; allowed: " + listed(allowed, blocks));
      }
    }
  }

  private static String listed(Set<String> allowed, Set<String> blocks) {
    Comparator<String> typeFirst = Comparator.comparing(key -> !key.equals("type"));
    return Stream.concat(allowed.stream(), blocks.stream().map(block -> block + ".*"))
        .sorted(typeFirst.thenComparing(Comparator.naturalOrder()))
        .collect(Collectors.joining(", "));
  }

  /** The value of a key that has to be there. */
  public String required(String key) throws StorageException {
    return optional(key).orElseThrow(() -> configuration(key + ": missing, and needed"));
  }

  /** The value of a key that may be left out. */
  public Optional<String> optional(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /** As {@link #optional}, for a value that must never be shown. */
  public Optional<String> secret(String key) {
    return optional(key);
  }

  /** The keys and values of a nested block, without the block's name. */
  public Map<String, String> block(String name) {
    Map<String, String> block = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(name + ".")) {
            block.put(key.substring(name.length() + 1), value);
          }
        });
    return Map.copyOf(block);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key, boolean otherwise) throws StorageException {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    return switch (value.get().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw wrong(key, "true or false");
    };
  }

  /** A number with its unit: {@code 500ms}, {@code 10 s}, {@code 5m}, {@code 3h}, {@code 1d}. */
  public Duration duration(String key, Duration otherwise) throws StorageException {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(value.get());
    if (!matcher.matches()) {
      throw wrong(key, "a number and a unit: ms, s, m, h or d");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /** A number of bytes: {@code 8388608}, {@code 8 MiB}. */
  public long bytes(String key, long otherwise) throws StorageException {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = BYTES.matcher(value.get());
    if (!matcher.matches()) {
      throw wrong(key, "a number of B, KiB, MiB or GiB");
    }
    long count = Long.parseLong(matcher.group(1));
    int shift =
        switch (Optional.ofNullable(matcher.group(2)).orElse("B")) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    if (count > Long.MAX_VALUE >> shift) {
      throw wrong(key, "a number of bytes below 2^63");
    }
    return count << shift;
  }

  /** As {@link #duration(String, Duration)}, within bounds. */
  public Duration duration(String key, Duration otherwise, Duration least, Duration most)
      throws StorageException {
    Duration value = duration(key, otherwise);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw wrong(key, "from " + words(least) + " to " + words(most));
    }
    return value;
  }

  private static String words(Duration duration) {
    if (duration.toMillis() % 1000 != 0) {
      return duration.toMillis() + "ms";
    }
    return duration.toSeconds() % 86_400 == 0
        ? duration.toDays() + "d"
        : duration.toSeconds() + "s";
  }

  /** A whole number within bounds. */
  public int number(String key, int otherwise, int least, int most) throws StorageException {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (value.get().matches("\\d{1,9}")) {
      int number = Integer.parseInt(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw wrong(key, "a whole number from " + least + " to " + most);
  }

  /** One of a few words, and what it stands for. */
  public <T> T choice(String key, T otherwise, Map<String, T> choices) throws StorageException {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    for (Map.Entry<String, T> choice : choices.entrySet()) {
      if (choice.getKey().equals(value.get())) {
        return choice.getValue();
      }
    }
    throw wrong(key, choices.keySet().stream().sorted().collect(Collectors.joining(" or ")));
  }

  /**
   * An absolute {@code http} or {@code https} address without query and fragment, and without a
   * user and password: those have keys of their own, and addresses are shown.
   */
  public Optional<URI> webAddress(String key) throws StorageException {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get().indexOf('@') >= 0) {
      // What stands before it may be a password, so the value is not shown.
      throw unfit(key, "must be an address without '@': no user or password belongs into it");
    }
    try {
      URI uri = new URI(value.get());
      boolean web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      throw wrong(key, webAddressForm(), e);
    }
    throw wrong(key, webAddressForm());
  }

  private static String webAddressForm() {
    return "an http: or https: address without query and fragment";
  }

  /** The complaint that this key's value is not among what is allowed. */
  public StorageException wrong(String key, String allowed) {
    return configuration(complaint(key, allowed));
  }

  /** As {@link #wrong(String, String)}, with what told us so. */
  public StorageException wrong(String key, String allowed, Throwable cause) {
    return new StorageException(
        StorageException.Fault.CONFIGURATION, path(complaint(key, allowed)), cause);
  }

  /** As {@link #wrong(String, String)}, for a value that must never be shown. */
  public StorageException unfit(String key, String complaint) {
    return configuration(key + ": " + complaint);
  }

  private String complaint(String key, String allowed) {
    return key + " = \"" + values.getOrDefault(key, "") + "\": must be " + allowed;
  }

  private StorageException configuration(String complaint) {
    return new StorageException(StorageException.Fault.CONFIGURATION, path(complaint));
  }

  /** The store's name and the keys that are set, without any value. */
  @Override
  public String toString() {
    return "StoreSettings[" + store + ": " + new TreeMap<>(values).keySet() + "]";
  }
}
