package org.rayo.storage;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Any text as part of a web address: what is not certain to be harmless becomes {@code %} and two
 * digits for each of its bytes in UTF-8.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-2.1">RFC 3986 §2.1</a>
 */
public final class PercentEncoding {

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private PercentEncoding() {}

  /** The address of {@code key} below {@code base}; the slashes of the key stay. */
  public static URI append(URI base, String key) {
    String address = base.toString();
    return URI.create(address + (address.endsWith("/") ? "" : "/") + path(key));
  }

  /** A key as a path: its slashes stay. */
  public static String path(String key) {
    return encode(key, UNRESERVED + "/");
  }

  /** A name or value of a query: nothing in it can end it. */
  public static String component(String text) {
    return encode(text, UNRESERVED);
  }

  /** Encodes all but the characters of {@code kept}, which are of ASCII. */
  static String encode(String text, String kept) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (kept.indexOf((char) octet) >= 0) {
        encoded.append((char) octet);
      } else {
        encoded.append(String.format("%%%02X", octet));
      }
    }
    return encoded.toString();
  }
}
