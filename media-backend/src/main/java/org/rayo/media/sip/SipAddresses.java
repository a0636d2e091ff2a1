package org.rayo.media.sip;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import javax.sip.address.SipURI;
import javax.sip.address.TelURL;
import javax.sip.header.FromHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who calls whom, without ports, parameters and tags. */
final class SipAddresses {

  private static final Logger log = LoggerFactory.getLogger(SipAddresses.class);

  private static final URI ANONYMOUS = URI.create("sip:anonymous@anonymous.invalid");

  private SipAddresses() {}

  /** Whom the request is for: its request URI, or To when that names no user. */
  static URI to(Request request) {
    ToHeader to = (ToHeader) request.getHeader(ToHeader.NAME);
    return named(request.getRequestURI())
        .or(() -> named(to.getAddress().getURI()))
        .or(() -> plain(request.getRequestURI()))
        .orElse(ANONYMOUS);
  }

  /** Who sent it. */
  static URI from(Request request) {
    FromHeader from = (FromHeader) request.getHeader(FromHeader.NAME);
    return plain(from.getAddress().getURI()).orElse(ANONYMOUS);
  }

  private static Optional<URI> named(javax.sip.address.URI uri) {
    return uri instanceof SipURI sip && sip.getUser() == null ? Optional.empty() : plain(uri);
  }

  /** Without ports, parameters and headers; empty for other schemes. */
  static Optional<URI> plain(javax.sip.address.URI uri) {
    if (uri instanceof SipURI sip) {
      String user = sip.getUser() == null ? "" : sip.getUser() + "@";
      return uri(sip.getScheme(), user + sip.getHost());
    }
    if (uri instanceof TelURL tel) {
      return uri("tel", (tel.isGlobal() ? "+" : "") + tel.getPhoneNumber().replace("+", ""));
    }
    return Optional.empty();
  }

  private static Optional<URI> uri(String scheme, String rest) {
    try {
      // Escapes already there are kept by this one, and refused characters make it fail.
      return Optional.of(new URI(scheme + ":" + rest));
    } catch (URISyntaxException notPlain) {
      return quoted(scheme, rest);
    }
  }

  private static Optional<URI> quoted(String scheme, String rest) {
    try {
      return Optional.of(new URI(scheme, rest, null));
    } catch (URISyntaxException hopeless) {
      log.debug("an address cannot be told: {}", hopeless.getMessage());
      return Optional.empty();
    }
  }
}
