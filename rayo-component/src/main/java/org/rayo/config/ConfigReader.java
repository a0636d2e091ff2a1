package org.rayo.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rayo.media.sip.AddressRange;
import org.xmpp.packet.JID;

/**
 * Reads typed values out of the merged configuration. What is wrong is collected, and a stand-in
 * returned, so that one run finds everything; {@link #finish} throws if there was anything.
 */
final class ConfigReader {

  private static final Pattern HOST = Pattern.compile("[^\\s/@\"'<>&]+");
  private static final Pattern ENDS_IN_UNIT = Pattern.compile(".*\\d\\s*[a-zA-Z]+");

  private final Config config;
  private final String prefix;
  private final List<Problem> problems;

  ConfigReader(Config config, Collection<Problem> problems) {
    this(config, "", new ArrayList<>(problems));
  }

  private ConfigReader(Config config, String prefix, List<Problem> problems) {
    this.config = config;
    this.prefix = prefix;
    this.problems = problems;
  }

  /** Throws what has been found, in the order of the file. */
  void finish() throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream()
              .sorted(Comparator.comparingInt(Problem::line))
              .map(Problem::sentence)
              .toList());
    }
  }

  /** Complains about a key's value. */
  void wrong(String key, String allowed) {
    problems.add(
        new Problem(
            prefix + key + " = " + shown(config.getValue(key)) + ": must be " + allowed,
            config.getValue(key)));
  }

  /** Complains about a key whose value must not be shown, or is too long for it. */
  void unfit(String key, String complaint) {
    problems.add(new Problem(prefix + key + ": " + complaint, config.getValue(key)));
  }

  /** Complains that a key has no value. */
  void missing(String key, String advice) {
    ConfigOrigin nowhere = ConfigOriginFactory.newSimple();
    problems.add(new Problem(prefix + key + ": missing; " + advice, nowhere));
  }

  private static String shown(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING
        ? "\"" + value.unwrapped() + "\""
        : value.render(ConfigRenderOptions.concise());
  }

  private Optional<String> scalar(String key, String allowed) {
    ConfigValue value = config.getValue(key);
    if (value.valueType() == ConfigValueType.LIST || value.valueType() == ConfigValueType.OBJECT) {
      wrong(key, allowed);
      return Optional.empty();
    }
    return Optional.of(String.valueOf(value.unwrapped()).strip());
  }

  /** A value that {@code parse} makes out of the text, refusing by IllegalArgumentException. */
  <T> T parsed(String key, Function<String, T> parse, T standIn, String allowed) {
    Optional<String> text = scalar(key, allowed);
    if (text.isPresent()) {
      try {
        return parse.apply(text.get());
      } catch (IllegalArgumentException e) {
        wrong(key, allowed);
      }
    }
    return standIn;
  }

  /** As {@link #parsed}, where {@code parse} itself says what is wrong. */
  <T> T explained(String key, Function<String, T> parse, T standIn) {
    Optional<String> text = scalar(key, "a text in quotes");
    if (text.isPresent()) {
      try {
        return parse.apply(text.get());
      } catch (IllegalArgumentException e) {
        unfit(key, "\"" + text.get() + "\" cannot be used: " + e.getMessage());
      }
    }
    return standIn;
  }

  int integer(String key, int min, int max) {
    String allowed = "a whole number from " + min + " to " + max;
    return parsed(
        key,
        text -> {
          int number = Integer.parseInt(text);
          if (number < min || number > max) {
            throw new IllegalArgumentException(allowed);
          }
          return number;
        },
        min,
        allowed);
  }

  Duration duration(String key, Duration min, Duration max) {
    String allowed =
        "a duration with its unit (ms, s, m, h, d) from " + written(min) + " to " + written(max);
    return parsed(
        key,
        text -> {
          Duration duration = withUnit(key, text, Config::getDuration, allowed);
          if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw new IllegalArgumentException(allowed);
          }
          return duration;
        },
        min,
        allowed);
  }

  int bytes(String key, int min, int max) {
    return (int) size(key, min, max);
  }

  long size(String key, long min, long max) {
    String allowed = "a size with its unit (B, KiB, MiB, GiB) from " + min + " B to " + max + " B";
    return parsed(
        key,
        text -> {
          long bytes = withUnit(key, text, Config::getBytes, allowed);
          if (bytes < min || bytes > max) {
            throw new IllegalArgumentException(allowed);
          }
          return bytes;
        },
        min,
        allowed);
  }

  private interface Unit<T> {
    T read(Config config, String key);
  }

  private <T> T withUnit(String key, String text, Unit<T> unit, String allowed) {
    if (!ENDS_IN_UNIT.matcher(text).matches()) {
      throw new IllegalArgumentException(allowed);
    }
    try {
      return unit.read(config, key);
    } catch (com.typesafe.config.ConfigException e) {
      throw new IllegalArgumentException(allowed, e);
    }
  }

  private static String written(Duration duration) {
    long millis = duration.toMillis();
    if (millis > 0 && millis % 86_400_000 == 0) {
      return millis / 86_400_000 + "d";
    }
    if (millis > 60_000 && millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /** One of an enum's constants, written in small letters and with hyphens. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    Map<String, E> words = new TreeMap<>();
    for (E constant : type.getEnumConstants()) {
      words.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    String allowed =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.joining(" or "));
    E first = type.getEnumConstants()[0];
    Optional<String> text = scalar(key, allowed);
    if (text.isEmpty()) {
      return first;
    }
    E found = words.get(text.get());
    if (found != null) {
      return found;
    }
    String guess =
        KnownKeys.nearest(text.get(), words.keySet())
            .map(word -> "; did you mean " + word + "?")
            .orElse("");
    wrong(key, allowed + guess);
    return first;
  }

  String host(String key) {
    String allowed = "a host name or an IP address";
    return parsed(
        key,
        text -> {
          if (!HOST.matcher(text).matches()) {
            throw new IllegalArgumentException(allowed);
          }
          return text;
        },
        "",
        allowed);
  }

  InetAddress address(String key) {
    return parsed(
        key,
        ConfigReader::numericAddress,
        InetAddress.getLoopbackAddress(),
        "an IP address as in 192.0.2.7 or ::1");
  }

  Optional<InetAddress> optionalAddress(String key) {
    Function<String, Optional<InetAddress>> parse =
        text -> text.isEmpty() ? Optional.empty() : Optional.of(numericAddress(text));
    return parsed(key, parse, Optional.empty(), "an IP address as in 192.0.2.7 or ::1, or empty");
  }

  private static InetAddress numericAddress(String text) {
    AddressRange range = AddressRange.parse(text);
    if (text.contains("/")) {
      throw new IllegalArgumentException(text + " is more than one address");
    }
    return range.base();
  }

  /** A domain that can be the address of an XMPP entity (RFC 7622). */
  String domain(String key) {
    String allowed = "a domain as in rayo.example.org";
    return parsed(
        key,
        text -> {
          if (!HOST.matcher(text).matches()) {
            throw new IllegalArgumentException(allowed);
          }
          return new JID(null, text, null).getDomain();
        },
        "",
        allowed);
  }

  Path path(String key) {
    String allowed = "the path of a directory";
    return parsed(
        key,
        text -> {
          if (text.isEmpty()) {
            throw new InvalidPathException(text, allowed);
          }
          return Path.of(text);
        },
        Path.of(""),
        allowed);
  }

  /** A path; empty where the text is. */
  Optional<Path> optionalPath(String key, String allowed) {
    return parsed(
        key,
        text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)),
        Optional.empty(),
        allowed);
  }

  boolean flag(String key) {
    String allowed = "true or false";
    return parsed(
        key,
        text -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(allowed);
          }
          return text.equals("true");
        },
        false,
        allowed);
  }

  Secret secret(String key) {
    ConfigValue value = config.getValue(key);
    if (value instanceof ConfigList || value instanceof ConfigObject) {
      problems.add(new Problem(prefix + key + ": must be a text", value));
      return Secret.NONE;
    }
    return new Secret(String.valueOf(value.unwrapped()));
  }

  /**
   * A block of secrets by name.
   *
   * @param what each is, for complaints
   */
  Map<String, Secret> secrets(String key, String what) {
    Map<String, Secret> secrets = new TreeMap<>();
    if (!(config.getValue(key) instanceof ConfigObject block)) {
      unfit(key, "must be a block { name = \"" + what + "\" }");
      return secrets;
    }
    block.forEach(
        (name, value) -> {
          String text =
              value.valueType() == ConfigValueType.STRING ? String.valueOf(value.unwrapped()) : "";
          if (text.isEmpty() || !HOST.matcher(name).matches()) {
            problems.add(
                new Problem(
                    prefix + key + "." + name + ": must be name = \"" + what + "\"", value));
          } else {
            secrets.put(name, new Secret(text));
          }
        });
    return secrets;
  }

  /** A list of texts, each made into a value by {@code parse}. */
  <T> List<T> list(String key, Function<String, T> parse, String allowed) {
    List<T> parsed = new ArrayList<>();
    ConfigValue list = config.getValue(key);
    if (!(list instanceof ConfigList elements)) {
      wrong(key, "a list [...], each " + allowed);
      return parsed;
    }
    for (ConfigValue element : elements) {
      try {
        if (element.valueType() != ConfigValueType.STRING) {
          throw new IllegalArgumentException("not a text");
        }
        parsed.add(parse.apply(String.valueOf(element.unwrapped())));
      } catch (IllegalArgumentException e) {
        problems.add(
            new Problem(prefix + key + ": " + shown(element) + " must be " + allowed, element));
      }
    }
    return parsed;
  }

  boolean listIsEmpty(String key) {
    return config.getValue(key) instanceof ConfigList && config.getList(key).isEmpty();
  }

  /** A list of blocks with these keys, all of them needed. */
  <T> List<T> blocks(String key, List<String> keys, Function<ConfigReader, T> read) {
    List<T> blocks = new ArrayList<>();
    ConfigValue list = config.getValue(key);
    String allowed = "a list of blocks with " + String.join(", ", keys);
    if (!(list instanceof ConfigList elements)) {
      wrong(key, allowed);
      return blocks;
    }
    for (ConfigValue element : elements) {
      String path = key + "[" + blocks.size() + "]";
      if (!(element instanceof ConfigObject block) || !block.keySet().equals(Set.copyOf(keys))) {
        problems.add(
            new Problem(
                prefix + path + ": must be a block with " + String.join(", ", keys), element));
      } else {
        blocks.add(read.apply(new ConfigReader(block.toConfig(), prefix + path + ".", problems)));
      }
    }
    return blocks;
  }

  /**
   * A list of blocks, in which some keys may be left out.
   *
   * @param defaults of the keys that may be
   * @param needed the other keys
   */
  <T> List<T> blocks(
      String key, Map<String, ?> defaults, Set<String> needed, Function<ConfigReader, T> read) {
    List<T> blocks = new ArrayList<>();
    String allowed = "a list of blocks [{ " + String.join(", ", needed) + " = ... }]";
    if (!(config.getValue(key) instanceof ConfigList elements)) {
      wrong(key, allowed);
      return blocks;
    }
    Set<String> known = new TreeSet<>(defaults.keySet());
    known.addAll(needed);
    int index = 0;
    for (ConfigValue element : elements) {
      String path = key + "[" + index++ + "]";
      if (!(element instanceof ConfigObject block)) {
        problems.add(new Problem(prefix + path + ": must be a block { ... }", element));
      } else if (fits(prefix + path, block, known, needed)) {
        Config whole = block.toConfig().withFallback(ConfigValueFactory.fromMap(defaults));
        blocks.add(read.apply(new ConfigReader(whole, prefix + path + ".", problems)));
      }
    }
    return blocks;
  }

  private boolean fits(String path, ConfigObject block, Set<String> known, Set<String> needed) {
    int before = problems.size();
    for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
      String name = entry.getKey();
      if (!known.contains(name)) {
        // The value stays out: what is misspelt may be a secret.
        String advice =
            KnownKeys.nearest(name, known)
                .map(guess -> "did you mean " + guess + "?")
                .orElse("allowed: " + String.join(", ", known));
        problems.add(new Problem(path + "." + name + ": unknown key; " + advice, entry.getValue()));
      } else if (entry.getValue().valueType() == ConfigValueType.NULL) {
        problems.add(new Problem(path + "." + name + " = null: must be a value", entry.getValue()));
      }
    }
    for (String name : needed) {
      if (!block.containsKey(name)) {
        problems.add(new Problem(path + "." + name + ": missing, and needed", block));
      }
    }
    return problems.size() == before;
  }

  /**
   * A block of blocks by name, in which some keys may be left out.
   *
   * @param defaults of the keys that may be
   * @param needed the other keys
   */
  <T> Map<String, T> named(
      String key, Map<String, ?> defaults, Set<String> needed, Function<ConfigReader, T> read) {
    Map<String, T> named = new TreeMap<>();
    Set<String> known = new TreeSet<>(defaults.keySet());
    known.addAll(needed);
    block(key)
        .forEach(
            (name, value) -> {
              String path = key + "." + name;
              if (!(value instanceof ConfigObject block)) {
                problems.add(new Problem(prefix + path + ": must be a block { ... }", value));
              } else if (fits(prefix + path, block, known, needed)) {
                Config whole = block.toConfig().withFallback(ConfigValueFactory.fromMap(defaults));
                named.put(name, read.apply(new ConfigReader(whole, prefix + path + ".", problems)));
              }
            });
    return named;
  }

  /** A block whose keys the user chooses. */
  ConfigObject block(String key) {
    return config.getObject(key);
  }

  /** Complains about something within a block. */
  void complain(Problem problem) {
    problems.add(problem);
  }
}
