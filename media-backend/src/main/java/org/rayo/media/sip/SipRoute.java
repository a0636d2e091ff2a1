package org.rayo.media.sip;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which calls a gateway carries.
 *
 * @param to pattern of whole addresses, without ports and parameters, in which {@code *} stands for
 *     anything: {@code tel:+49*}, {@code sip:*@example.org}
 * @param gateway its name
 * @param strip what is taken off the front of the number or user, where it is there
 * @param prefix what is put in front of the number or user then
 */
public record SipRoute(String to, String gateway, String strip, String prefix) {

  private static final Pattern SHAPE = Pattern.compile("(?i)(sip|tel):[^\\s<>\"]+");
  private static final Pattern USER = Pattern.compile("[0-9A-Za-z+*#._-]*");

  public SipRoute {
    Objects.requireNonNull(gateway, "gateway");
    if (!SHAPE.matcher(to).matches()) {
      throw new IllegalArgumentException(
          "'" + to + "' is no pattern such as tel:+49* or sip:*@example.org");
    }
    if (!USER.matcher(strip).matches() || !USER.matcher(prefix).matches()) {
      throw new IllegalArgumentException("strip and prefix have digits, letters and +*#._- only");
    }
  }

  /** The number or user to be called, when the route takes the address. */
  public Optional<String> userFor(String address, String user) {
    if (!matches(to, address)) {
      return Optional.empty();
    }
    return Optional.of(prefix + (user.startsWith(strip) ? user.substring(strip.length()) : user));
  }

  /** Whether a pattern with {@code *} for anything fits a whole text, in any case. */
  public static boolean matches(String pattern, String text) {
    String[] parts = pattern.toLowerCase(Locale.ROOT).split("\\*", -1);
    String rest = text.toLowerCase(Locale.ROOT);
    if (parts.length == 1) {
      return rest.equals(parts[0]);
    }
    if (!rest.startsWith(parts[0])) {
      return false;
    }
    rest = rest.substring(parts[0].length());
    for (int i = 1; i < parts.length - 1; i++) {
      int at = rest.indexOf(parts[i]);
      if (at < 0) {
        return false;
      }
      rest = rest.substring(at + parts[i].length());
    }
    return rest.endsWith(parts[parts.length - 1]);
  }
}
