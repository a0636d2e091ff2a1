package org.rayo.grammar;

/**
 * Writes results as documents of the natural language semantics markup language.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6787#section-6.3">RFC 6787, section 6.3</a>
 */
public final class Nlsml {
  public static final String CONTENT_TYPE = "application/nlsml+xml";
  public static final String NAMESPACE = "http://www.ietf.org/xml/ns/mrcpv2";

  private Nlsml() {}

  /** A match by keys, of which one is always sure. */
  public static String of(Matcher.Match match) {
    String grammar =
        match.grammarName().isEmpty() ? "" : " grammar=\"" + escaped(match.grammarName()) + "\"";
    return "<result xmlns=\""
        + NAMESPACE
        + "\""
        + grammar
        + "><interpretation confidence=\"1\"><input mode=\"dtmf\">"
        + escaped(match.utterance())
        + "</input><instance>"
        + escaped(match.interpretation())
        + "</instance></interpretation></result>";
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isXml(c) ? c : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
