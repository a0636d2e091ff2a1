package org.rayo.media.output;

import java.net.URI;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;

/** URIs in messages, and refusals that name them. */
final class Uris {

  private static final int LONGEST_SHOWN = 300;

  private Uris() {}

  /** Without what may be secret (user, password, query and fragment), and cut when it is long. */
  static String shown(URI uri) {
    String text = withoutSecrets(uri);
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
  }

  private static String withoutSecrets(URI uri) {
    if (uri.isOpaque()) {
      return uri.getScheme() + ":…";
    }
    StringBuilder text = new StringBuilder();
    if (uri.getScheme() != null) {
      text.append(uri.getScheme()).append(':');
    }
    String authority = uri.getRawAuthority();
    if (authority != null) {
      text.append("//").append(authority.substring(authority.lastIndexOf('@') + 1));
    }
    text.append(uri.getRawPath());
    return uri.getRawQuery() == null ? text.toString() : text + "?…";
  }

  static MediaException refused(URI uri, String why) {
    return new MediaException(Fault.REFUSED, shown(uri) + ": " + why);
  }

  static MediaException failed(URI uri, String why, Throwable cause) {
    return new MediaException(Fault.FAILED, shown(uri) + ": " + why, cause);
  }
}
