package org.rayo.config;

/** A password or shared secret; only {@link #reveal} gives it away. */
public final class Secret {

  /** The secret that is not set. */
  public static final Secret NONE = new Secret("");

  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /** The secret itself, for the one place that needs it. */
  public String reveal() {
    return value;
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && that.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "******";
  }
}
