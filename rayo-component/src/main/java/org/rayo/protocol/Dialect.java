package org.rayo.protocol;

/**
 * The two Rayos that share one set of namespaces: the wiki page of 2011 and XEP-0327. They differ
 * in defaults and in the reasons of {@code <complete/>}.
 */
public enum Dialect {
  WIKI("wiki"),
  XEP_0327("xep-0327");

  private final String token;

  Dialect(String token) {
    this.token = token;
  }

  /** Its name in the configuration. */
  public String token() {
    return token;
  }
}
