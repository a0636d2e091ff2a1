package org.rayo.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.rayo.config.StorageConfig.StoreRules;

/**
 * Everything that can be configured, valid and complete; {@code reference.conf} says what each key
 * means. Immutable.
 */
public record RayoConfig(
    XmppConfig xmpp,
    MediaConfig media,
    SpoolConfig spool,
    StorageConfig storage,
    RecordConfig record,
    NoticesConfig notices,
    OffersConfig offers,
    ControlConfig control,
    ShutdownConfig shutdown,
    LogConfig log) {

  /**
   * Reads a file.
   *
   * @param rules for the blocks of the stores
   * @throws ConfigException with all that is wrong in it, or with the reason why it can't be read
   */
  public static RayoConfig load(Path file, StoreRules rules) throws ConfigException {
    return read(new ConfigSources(System.getenv()).file(file), rules);
  }

  /**
   * As {@link #load}, for whoever looks at a server's spool and stores and connects to nothing:
   * neither the XMPP server's secret nor what else the server has from its environment need be
   * there, and no store's block is looked at.
   */
  public static RayoConfig loadToLook(Path file) throws ConfigException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putIfAbsent("RAYO_XMPP_SECRET", "not needed");
    return read(
        new ConfigSources(environment, ConfigSources.Missing.STAYS).file(file), StoreRules.NONE);
  }

  /**
   * What runs without a file: the embedded XMPP server, and SIP and RTP on loopback.
   *
   * @throws ConfigException if a value that is taken from the environment is wrong
   */
  public static RayoConfig defaults() throws ConfigException {
    return read(new ConfigSources(System.getenv()).withoutFile(), StoreRules.NONE);
  }

  /** As {@link #load}, from the text itself, without the environment and any rules for stores. */
  public static RayoConfig loadString(String text) throws ConfigException {
    return loadString(text, Map.of());
  }

  /** As {@link #load}, from the text itself and without rules for stores. */
  public static RayoConfig loadString(String text, Map<String, String> environment)
      throws ConfigException {
    return read(new ConfigSources(environment).text(text), StoreRules.NONE);
  }

  private static RayoConfig read(ConfigSources.Sources sources, StoreRules rules)
      throws ConfigException {
    KnownKeys.Checked checked = KnownKeys.of(sources.reference()).check(sources.user());
    Config config = checked.config().withFallback(sources.reference());
    ConfigReader reader = new ConfigReader(config, checked.problems());
    RayoConfig read =
        new RayoConfig(
            XmppConfig.read(reader),
            MediaConfig.read(reader),
            SpoolConfig.read(reader),
            StorageConfig.read(reader, rules),
            RecordConfig.read(reader),
            NoticesConfig.read(reader),
            OffersConfig.read(reader),
            ControlConfig.read(reader),
            ShutdownConfig.read(reader),
            LogConfig.read(reader));
    reader.finish();
    return read;
  }
}
