package org.rayo.config;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * JIDs, written as one of them with {@code *} for anything: {@code *@app.example.org}. Without a
 * resource any resource fits. Letters match in either case.
 */
public final class JidPattern {

  private static final Pattern FORM = Pattern.compile("([^@/\\s\"&'<>:]+@)?[^@/\\s\"&'<>]+(/.+)?");

  static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL;

  private final String text;
  private final Pattern pattern;

  private JidPattern(String text) {
    this.text = text;
    String regex = glob(text);
    this.pattern = Pattern.compile(text.contains("/") ? regex : regex + "(/.*)?", FLAGS);
  }

  /** A text with {@code *} for anything, as a regular expression. */
  static String glob(String text) {
    return Arrays.stream(text.split("\\*", -1))
        .map(Pattern::quote)
        .collect(Collectors.joining(".*"));
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if no JID could ever match it
   */
  public static JidPattern parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is no pattern of JIDs");
    }
    return new JidPattern(text);
  }

  /** Whether a JID, bare or full, is one of those meant. */
  public boolean matches(String jid) {
    return pattern.matcher(jid).matches();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JidPattern that && that.text.equals(text);
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
