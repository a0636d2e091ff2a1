package org.rayo.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys of {@code reference.conf}; finds those of a file that are not among them. */
final class KnownKeys {

  /** Blocks whose keys are names that the user chooses. */
  static final Set<String> OPEN_BLOCKS =
      Set.of(
          "rayo.storage.stores",
          "rayo.xmpp.embedded.accounts",
          "rayo.record.names",
          DialConfig.GATEWAYS,
          FreeSwitchConfig.SERVERS);

  /**
   * What is left of a file.
   *
   * @param config without the keys that are complained of
   * @param problems the complaints
   */
  record Checked(Config config, List<Problem> problems) {}

  private final ConfigObject reference;
  private final Set<String> paths = new TreeSet<>();

  private KnownKeys(ConfigObject reference) {
    this.reference = reference;
    collect("", reference);
  }

  static KnownKeys of(Config reference) {
    return new KnownKeys(reference.root());
  }

  private void collect(String prefix, ConfigObject block) {
    for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
      String path = prefix + entry.getKey();
      paths.add(path);
      if (entry.getValue() instanceof ConfigObject nested && !OPEN_BLOCKS.contains(path)) {
        collect(path + ".", nested);
      }
    }
  }

  Checked check(Config user) {
    Map<String, Problem> found = new LinkedHashMap<>();
    check("", user.root(), reference, found);
    Config left = user;
    for (String path : found.keySet()) {
      left = left.withoutPath(path);
    }
    return new Checked(left, new ArrayList<>(found.values()));
  }

  private void check(
      String prefix, ConfigObject user, ConfigObject known, Map<String, Problem> found) {
    for (Map.Entry<String, ConfigValue> entry : user.entrySet()) {
      String path = prefix + entry.getKey();
      ConfigValue value = entry.getValue();
      ConfigValue expected = known.get(entry.getKey());
      String quoted = quoted(prefix, entry.getKey());
      if (expected == null) {
        found.put(quoted, new Problem(path + ": unknown key; " + advice(path, known), value));
      } else if (value.valueType() == ConfigValueType.NULL) {
        found.put(quoted, new Problem(path + " = null: must be a value", value));
      } else if (value instanceof ConfigObject block) {
        checkBlock(path, block, expected, found);
      } else if (expected instanceof ConfigObject) {
        found.put(quoted, new Problem(path + ": must be a block { ... }", value));
      }
    }
  }

  private void checkBlock(
      String path, ConfigObject block, ConfigValue expected, Map<String, Problem> found) {
    if (!(expected instanceof ConfigObject known)) {
      found.put(path, new Problem(path + ": must be a value, not a block", block));
    } else if (!OPEN_BLOCKS.contains(path)) {
      check(path + ".", block, known, found);
    }
  }

  private static String quoted(String prefix, String key) {
    // Known blocks have plain names; only the last may need quotes.
    return prefix + ConfigUtil.quoteString(key);
  }

  private String advice(String path, ConfigObject siblings) {
    return nearest(path, siblings)
        .map(guess -> "did you mean " + guess + "?")
        .orElseGet(() -> "allowed: " + String.join(", ", new TreeSet<>(siblings.keySet())));
  }

  private Optional<String> nearest(String path, ConfigObject siblings) {
    int dot = path.lastIndexOf('.');
    String prefix = path.substring(0, dot + 1);
    String name = path.substring(dot + 1);
    Optional<String> near = nearest(name, siblings.keySet()).map(sibling -> prefix + sibling);
    if (near.isPresent()) {
      return near;
    }
    List<String> elsewhere =
        paths.stream().filter(p -> p.endsWith("." + path) || p.endsWith("." + name)).toList();
    return elsewhere.size() == 1 ? Optional.of(elsewhere.get(0)) : Optional.empty();
  }

  /** The one of {@code candidates} that {@code word} is a slip of the pen away from. */
  static Optional<String> nearest(String word, Collection<String> candidates) {
    int tolerated = Math.max(1, Math.min(3, word.length() / 3));
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= tolerated)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** How many letters have to be put in, left out, changed or swapped with the next. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
