package org.rayo.protocol;

/**
 * Text as XML may carry it. One illegal character would cost us the whole stream, and texts come
 * from SIP headers and from the messages of failures.
 *
 * @see <a href="https://www.w3.org/TR/xml/#charsets">XML 1.0, section 2.2</a>
 */
final class XmlText {

  private static final int QUOTED_LENGTH = 80;
  private static final int REPLACEMENT = 0xFFFD;

  private XmlText() {}

  /** The text with U+FFFD for every code point that XML 1.0 cannot carry. */
  static String legal(String text) {
    if (text.codePoints().allMatch(XmlText::isLegal)) {
      return text;
    }
    return text.codePoints()
        .map(c -> isLegal(c) ? c : REPLACEMENT)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** What a client wrote, in quotes and not longer than a message about it should be. */
  static String quote(String written) {
    if (written.codePointCount(0, written.length()) <= QUOTED_LENGTH) {
      return "'" + written + "'";
    }
    return "'" + written.substring(0, written.offsetByCodePoints(0, QUOTED_LENGTH)) + "…'";
  }

  private static boolean isLegal(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || (c >= 0x10000 && c <= 0x10FFFF);
  }
}
