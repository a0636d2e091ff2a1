package org.rayo.storage.file;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Keys as paths of web addresses.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-2.1">RFC 3986 §2.1</a>
 */
final class PercentEncoding {

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

  private PercentEncoding() {}

  /** The address of {@code key} below {@code base}. */
  static URI append(URI base, String key) {
    String address = base.toString();
    return URI.create(address + (address.endsWith("/") ? "" : "/") + encode(key));
  }

  private static String encode(String key) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf((char) octet) >= 0) {
        encoded.append((char) octet);
      } else {
        encoded.append(String.format("%%%02X", octet));
      }
    }
    return encoded.toString();
  }
}
