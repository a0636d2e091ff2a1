package org.rayo.server.recordings;

import java.nio.file.Path;
import java.util.Optional;
import org.rayo.config.ConfigException;
import org.rayo.config.RayoConfig;
import picocli.CommandLine.Option;

/** Which server's recordings are meant. */
final class ConfigOption {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The server's configuration file; without it, the defaults count.")
  private Optional<Path> file = Optional.empty();

  ConfigOption() {}

  RayoConfig read() throws ConfigException {
    return file.isPresent() ? RayoConfig.loadToLook(file.get()) : RayoConfig.defaults();
  }
}
