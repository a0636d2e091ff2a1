package org.rayo.recording;

import java.net.URI;

/** How uris are shown. */
final class Uris {

  private Uris() {}

  /** Without what gives access to whoever has it, which must not lie beside a recording. */
  static URI unsigned(URI uri) {
    String text = uri.toString();
    int query = text.indexOf('?');
    return query >= 0 && text.substring(query).contains("Signature=")
        ? URI.create(text.substring(0, query))
        : uri;
  }

  /** Without the query, which in a signed uri is the key to the recording. */
  static String shown(URI uri) {
    String text = uri.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query) + "?…";
  }
}
