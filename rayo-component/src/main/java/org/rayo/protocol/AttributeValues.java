package org.rayo.protocol;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.dom4j.Element;

/**
 * Attribute values of XML Schema's types. White space around a value does not count, as the schema
 * says for all of them.
 */
final class AttributeValues {

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._+/:-]+");
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
  private static final long DISABLED = -1;
  private static final String NONE = "none";

  /** How the wiki page of 2011 writes down both values of a time-out: {@code 10000|none}. */
  private static final String OR_NONE = "|" + NONE;

  private AttributeValues() {}

  /** {@code xs:boolean}: true, false, 1 or 0. */
  static Optional<Boolean> bool(Element element, String name) throws CommandRefusedException {
    Optional<String> value = stripped(element, name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (value.orElseThrow()) {
          case "true", "1" -> true;
          case "false", "0" -> false;
          default -> throw bad(element, name, "true, false, 1 and 0 are allowed");
        });
  }

  /** A word without white space; {@code allowed} says to the client which there are. */
  static Optional<String> token(Element element, String name, String allowed)
      throws CommandRefusedException {
    Optional<String> value = stripped(element, name);
    if (value.isPresent() && !TOKEN.matcher(value.orElseThrow()).matches()) {
      throw bad(element, name, allowed);
    }
    return value;
  }

  /** Positive milliseconds; empty when left out, and for -1. */
  static OptionalLong millis(Element element, String name) throws CommandRefusedException {
    Optional<String> value = stripped(element, name);
    String allowed = "positive milliseconds, or -1 for no limit, are allowed";
    return value.isEmpty()
        ? OptionalLong.empty()
        : millis(value.orElseThrow(), bad(element, name, allowed));
  }

  /**
   * Positive milliseconds; empty when left out, for -1, and for the wiki page's {@code none}. Its
   * {@code 10000|none}, which means that either can stand there, is read as 10000.
   */
  static OptionalLong timeoutMillis(Element element, String name) throws CommandRefusedException {
    Optional<String> value = stripped(element, name);
    if (value.isEmpty() || value.orElseThrow().equals(NONE)) {
      return OptionalLong.empty();
    }
    String written = value.orElseThrow();
    String first =
        written.endsWith(OR_NONE)
            ? written.substring(0, written.length() - OR_NONE.length())
            : written;
    String allowed = "positive milliseconds, or -1 or none for no time-out, are allowed";
    return millis(first, bad(element, name, allowed));
  }

  /** A whole number from 0 to {@code most}; {@code otherwise} when left out. */
  static long count(Element element, String name, long otherwise, long most)
      throws CommandRefusedException {
    Optional<String> value = stripped(element, name);
    if (value.isEmpty()) {
      return otherwise;
    }
    CommandRefusedException bad = bad(element, name, "0 to " + most + " are allowed");
    if (!INTEGER.matcher(value.orElseThrow()).matches()) {
      throw bad;
    }
    try {
      long count = Long.parseLong(value.orElseThrow());
      if (count >= 0 && count <= most) {
        return count;
      }
    } catch (NumberFormatException tooLarge) {
      bad.addSuppressed(tooLarge);
    }
    throw bad;
  }

  private static OptionalLong millis(String written, CommandRefusedException bad)
      throws CommandRefusedException {
    if (!INTEGER.matcher(written).matches()) {
      throw bad;
    }
    long millis;
    try {
      millis = Long.parseLong(written);
    } catch (NumberFormatException tooLarge) {
      bad.addSuppressed(tooLarge);
      throw bad;
    }
    if (millis == DISABLED) {
      return OptionalLong.empty();
    }
    if (millis <= 0) {
      throw bad;
    }
    return OptionalLong.of(millis);
  }

  private static Optional<String> stripped(Element element, String name) {
    return ElementRules.attribute(element, name).map(String::strip);
  }

  /** The attribute's value is not one of those that are allowed. */
  static CommandRefusedException bad(Element element, String name, String allowed) {
    return ElementRules.badRequest(
        name
            + " is "
            + XmlText.quote(ElementRules.attribute(element, name).orElse(""))
            + "; "
            + allowed);
  }
}
