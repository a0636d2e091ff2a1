package org.rayo.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * UDP ports, written {@code 20000-29999}.
 *
 * @param first from 1
 * @param last at most 65535; both ends belong to the range
 */
public record PortRange(int first, int last) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,5}) ?- ?(\\d{1,5})");

  public PortRange {
    if (first < 1 || last > 65535 || last <= first) {
      throw new IllegalArgumentException(first + "-" + last + " is no range within 1-65535");
    }
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if it is no range, or has a port outside 1 to 65535
   */
  public static PortRange parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not first-last");
    }
    return new PortRange(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** How many ports. */
  public int size() {
    return last - first + 1;
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
