package org.rayo.media.sip;

import gov.nist.javax.sip.header.ExtensionHeaderImpl;
import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.header.SIPHeaderList;
import gov.nist.javax.sip.message.SIPMessage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sip.header.ReasonHeader;
import javax.sip.message.Message;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which SIP headers are told to call control, and which it may set. */
public final class SipHeaders {

  private static final Logger log = LoggerFactory.getLogger(SipHeaders.class);

  /** Machinery of the protocol: the endpoint's own business, in both directions. */
  private static final Set<String> MACHINERY =
      Set.of(
          "via",
          "from",
          "to",
          "call-id",
          "cseq",
          "max-forwards",
          "contact",
          "route",
          "record-route",
          "path",
          "service-route",
          "require",
          "proxy-require",
          "supported",
          "unsupported",
          "allow",
          "allow-events",
          "accept",
          "accept-encoding",
          "accept-language",
          "mime-version",
          "rseq",
          "rack",
          "session-expires",
          "min-se",
          "expires",
          "min-expires",
          "timestamp",
          "event",
          "subscription-state",
          "authorization",
          "proxy-authorization",
          "www-authenticate",
          "proxy-authenticate",
          "authentication-info",
          "replaces",
          "join",
          // and the short forms of those that have one
          "v",
          "f",
          "t",
          "i",
          "m",
          "k",
          "l",
          "c",
          "e",
          "x",
          "o",
          "u");

  /** Told to call control, but set by the endpoint itself. */
  private static final Set<String> OUR_OWN = Set.of("server", "user-agent");

  private SipHeaders() {}

  /** The headers worth telling, in the order in which their names first appear. */
  static List<Header> told(Message message) {
    List<Header> told = new ArrayList<>();
    SIPMessage parsed = (SIPMessage) message;
    for (Iterator<SIPHeader> all = parsed.getHeaders(); all.hasNext(); ) {
      SIPHeader header = all.next();
      if (header instanceof SIPHeaderList<?> list) {
        list.forEach(each -> tell(each.getName(), each.getHeaderValue(), told));
      } else {
        tell(header.getName(), header.getHeaderValue(), told);
      }
    }
    // Those that the parser could not read come as they were sent.
    for (Iterator<String> raw = parsed.getUnrecognizedHeaders(); raw.hasNext(); ) {
      String line = raw.next();
      int colon = line.indexOf(':');
      if (colon > 0) {
        tell(line.substring(0, colon).strip(), line.substring(colon + 1).strip(), told);
      }
    }
    return List.copyOf(told);
  }

  private static void tell(String name, String value, List<Header> told) {
    if (isMachinery(name)) {
      return;
    }
    try {
      told.add(new Header(name, value == null ? "" : value.strip()));
    } catch (IllegalArgumentException notOurs) {
      log.debug("a header is not told: {}", notOurs.getMessage());
    }
  }

  /**
   * Refuses what a command must not set.
   *
   * @throws MediaException fault {@code UNSUPPORTED}, naming the header
   */
  public static void check(List<Header> headers) throws MediaException {
    for (Header header : headers) {
      if (isMachinery(header.name()) || OUR_OWN.contains(header.name().toLowerCase(Locale.ROOT))) {
        throw new MediaException(
            MediaException.Fault.UNSUPPORTED,
            "header '" + header.name() + "' belongs to the SIP endpoint and cannot be set");
      }
    }
  }

  /** Adds what {@link #check} let pass, as it is. */
  static void add(Message message, List<Header> headers) {
    for (Header header : headers) {
      ExtensionHeaderImpl extension = new ExtensionHeaderImpl(header.name());
      extension.setValue(header.value());
      message.addHeader(extension);
    }
  }

  /** The Q.850 cause of a Reason header, if there is one. */
  static Optional<String> q850Cause(Message message) {
    for (Iterator<?> reasons = message.getHeaders(ReasonHeader.NAME); reasons.hasNext(); ) {
      if (reasons.next() instanceof ReasonHeader reason
          && reason.getProtocol().equalsIgnoreCase("Q.850")
          && reason.getCause() > 0) {
        return Optional.of(Integer.toString(reason.getCause()));
      }
    }
    return Optional.empty();
  }

  private static boolean isMachinery(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return MACHINERY.contains(lower) || lower.startsWith("content-");
  }
}
