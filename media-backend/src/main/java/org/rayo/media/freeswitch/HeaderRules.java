package org.rayo.media.freeswitch;

import java.util.List;
import java.util.regex.Pattern;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.rayo.media.sip.SipHeaders;

/** Which headers a command may set: those of any SIP call, if their names can be variables'. */
final class HeaderRules {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

  private HeaderRules() {}

  /**
   * The same headers.
   *
   * @throws MediaException fault {@code UNSUPPORTED}, naming the first that cannot be set
   */
  static List<Header> settable(List<Header> headers) throws MediaException {
    SipHeaders.check(headers);
    for (Header header : headers) {
      if (!NAME.matcher(header.name()).matches()) {
        throw new MediaException(
            MediaException.Fault.UNSUPPORTED,
            "header '" + header.name() + "' cannot be set: letters, digits and _.- are allowed");
      }
    }
    return headers;
  }
}
