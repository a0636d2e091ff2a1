package org.rayo.config;

import java.util.List;

/** The configuration cannot be used. Says everything that is wrong with it, a line each. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /**
   * @param problems each with the key, its value, what is allowed, and where it stands; no secrets
   */
  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order of the file where that is known. */
  public List<String> problems() {
    return problems;
  }
}
