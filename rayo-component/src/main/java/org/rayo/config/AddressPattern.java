package org.rayo.config;

import java.util.regex.Pattern;

/**
 * Addresses that are called, written as one of them with {@code *} for anything: {@code
 * sip:sales@*}. Letters match in either case.
 */
public final class AddressPattern {

  private static final Pattern FORM = Pattern.compile("[^\\s\"<>]+");

  private final String text;
  private final Pattern pattern;

  private AddressPattern(String text) {
    this.text = text;
    this.pattern = Pattern.compile(JidPattern.glob(text), JidPattern.FLAGS);
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if no address could ever match it
   */
  public static AddressPattern parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is no pattern of addresses");
    }
    return new AddressPattern(text);
  }

  /** Whether an address, with all its parameters, is one of those meant. */
  public boolean matches(String address) {
    return pattern.matcher(address).matches();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressPattern that && that.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
