package org.rayo.media.sip;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import javax.sip.address.SipURI;
import javax.sip.address.TelURL;
import org.rayo.media.MediaException;

/** Who the other side of a call that we place is told calls. */
final class DialFrom {

  private DialFrom() {}

  /**
   * The address for From: the one asked for, else the gateway's, else its user, else this server.
   *
   * @param host our own
   * @return a {@code sip:} uri
   * @throws MediaException fault {@code REFUSED} when it is none, or no number
   */
  static String of(Optional<URI> asked, DialTarget target, String host, SipMessages messages)
      throws MediaException {
    Optional<SipGateway> gateway = target.gateway();
    String domain = gateway.map(SipGateway::host).orElse(host);
    Optional<URI> given = asked.or(() -> gateway.flatMap(SipGateway::from));
    if (given.isEmpty()) {
      Optional<String> user =
          gateway.flatMap(SipGateway::credentials).map(SipGateway.Credentials::user);
      return messages
          .sipUri(
              user.map(DialFrom::escaped).orElse("rayo"),
              user.isPresent() ? domain : host,
              -1,
              false)
          .toString();
    }
    javax.sip.address.URI uri = messages.uri(given.get().toString());
    if (uri instanceof TelURL tel) {
      String number = tel.getPhoneNumber().replaceAll("[^0-9A-Za-z*#]", "");
      return messages.sipUri((tel.isGlobal() ? "+" : "") + number, domain, -1, true).toString();
    }
    if (uri instanceof SipURI sip && !sip.isSecure()) {
      return messages
          .sipUri(sip.getUser() == null ? "" : sip.getUser(), sip.getHost(), sip.getPort(), false)
          .toString();
    }
    throw new MediaException(
        MediaException.Fault.REFUSED,
        "dial: from '" + given.get() + "' is neither a sip: nor a tel: address");
  }

  /** RFC 3261, section 25.1: {@code user}. A gateway's user may have an at sign in it. */
  private static String escaped(String user) {
    StringBuilder escaped = new StringBuilder();
    for (byte octet : user.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-_.!~*'()&=+$,".indexOf(c) >= 0)) {
        escaped.append(c);
      } else {
        escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return escaped.toString();
  }

  /** Without ports and parameters. */
  static URI told(String from) {
    return URI.create(from.replaceFirst(";.*", ""));
  }
}
