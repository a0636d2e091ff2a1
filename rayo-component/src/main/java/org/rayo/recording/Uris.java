package org.rayo.recording;

import java.net.URI;

/** How uris are shown. */
final class Uris {

  private Uris() {}

  /** Without the query, which in a signed uri is the key to the recording. */
  static String shown(URI uri) {
    String text = uri.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query) + "?…";
  }
}
