package org.rayo.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Parses what the configuration is made of, and puts in what comes from the environment. */
final class ConfigSources {

  /**
   * Resolved, and not merged yet.
   *
   * @param user what the file says
   * @param reference the defaults that hold beside it
   */
  record Sources(Config user, Config reference) {}

  private static final String LOCAL_STORE = "rayo.storage.stores.local";

  /** What becomes of a variable that the environment has not. */
  enum Missing {
    /** It is wrong, where it has to be there. */
    IS_WRONG,
    /** It stands for itself: the text ${NAME}. */
    STAYS
  }

  private static final ConfigResolver ITSELF =
      new ConfigResolver() {
        @Override
        public ConfigValue lookup(String path) {
          return ConfigValueFactory.fromAnyRef("${" + path + "}");
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
          return this;
        }
      };

  private final Config environment;
  private final Missing missing;

  ConfigSources(Map<String, String> environment) {
    this(environment, Missing.IS_WRONG);
  }

  ConfigSources(Map<String, String> environment, Missing missing) {
    this.environment = ConfigValueFactory.fromMap(environment, "environment").toConfig();
    this.missing = missing;
  }

  Sources file(Path file) throws ConfigException {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(List.of(file + ": there is no such file"));
    }
    if (!Files.isReadable(file)) {
      throw new ConfigException(List.of(file + ": cannot be read"));
    }
    return resolve(
        () ->
            ConfigFactory.parseFile(
                // Files that it includes are looked for beside it.
                file.toAbsolutePath().toFile(),
                ConfigParseOptions.defaults().setAllowMissing(false)));
  }

  Sources text(String text) throws ConfigException {
    return resolve(() -> ConfigFactory.parseString(text));
  }

  Sources withoutFile() throws ConfigException {
    return resolve(
        () ->
            ConfigFactory.parseResources(
                RayoConfig.class,
                "/without-file.conf",
                ConfigParseOptions.defaults().setAllowMissing(false)));
  }

  /** The defaults alone; other libraries' files of the same name are left out. */
  static Config reference() {
    return ConfigFactory.parseResources(RayoConfig.class.getClassLoader(), "reference.conf")
        .withOnlyPath("rayo");
  }

  private interface Parse {
    Config parse();
  }

  private Sources resolve(Parse parse) throws ConfigException {
    Config user;
    try {
      user = resolve(parse.parse());
    } catch (com.typesafe.config.ConfigException.Parse | com.typesafe.config.ConfigException.IO e) {
      // The library's sentence names the file and the line.
      throw new ConfigException(List.of(String.valueOf(e.getMessage())));
    }
    return new Sources(user, forStores(user, resolve(reference())));
  }

  private Config resolve(Config config) {
    Config resolved = substituted(config.withFallback(environment));
    for (String name : environment.root().keySet()) {
      if (!config.root().containsKey(name)) {
        resolved = resolved.withoutPath(ConfigUtil.joinPath(name));
      }
    }
    return resolved;
  }

  private Config substituted(Config config) {
    ConfigResolveOptions strict = ConfigResolveOptions.noSystem();
    // The first round leaves out what may be missing (${?NAME}), so the second finds only the rest.
    return missing == Missing.IS_WRONG
        ? config.resolve(strict)
        : config.resolve(strict.setAllowUnresolved(true)).resolve(strict.appendResolver(ITSELF));
  }

  /** A store of another type must not inherit the keys of our file store. */
  private static Config forStores(Config user, Config defaults) {
    String type = LOCAL_STORE + ".type";
    boolean another =
        user.hasPath(type)
            && !String.valueOf(user.getAnyRef(type)).equals(defaults.getString(type));
    return another ? defaults.withoutPath(LOCAL_STORE) : defaults;
  }
}
