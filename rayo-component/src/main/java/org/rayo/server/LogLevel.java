package org.rayo.server;

import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** How much {@code org.rayo} logs; what the system property says goes before all else. */
public final class LogLevel {

  /** Read by {@code logback.xml}. */
  private static final String PROPERTY = "rayo.log.level";

  private LogLevel() {}

  /** Sets the level, unless the property has. */
  public static void set(Level level) {
    if (System.getProperty(PROPERTY) == null) {
      Logger rayo = (Logger) LoggerFactory.getLogger("org.rayo");
      rayo.setLevel(ch.qos.logback.classic.Level.convertAnSLF4JLevel(level));
    }
  }
}
