package org.rayo.config;

import org.slf4j.event.Level;

/**
 * {@code rayo.log}.
 *
 * @param level of the server's own loggers, {@code org.rayo} and below
 */
public record LogConfig(Level level) {

  static LogConfig read(ConfigReader reader) {
    return new LogConfig(reader.choice("rayo.log.level", Level.class));
  }
}
