package org.rayo.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;

/**
 * One thing that is wrong.
 *
 * @param text names the key and what is allowed
 * @param origin where it stands
 */
record Problem(String text, ConfigOrigin origin) {

  Problem(String text, ConfigValue value) {
    this(text, value.origin());
  }

  int line() {
    return origin.lineNumber();
  }

  /** The complaint with its file and line, as far as they are known. */
  String sentence() {
    return origin.lineNumber() < 1 ? text : text + " (" + origin.description() + ")";
  }
}
