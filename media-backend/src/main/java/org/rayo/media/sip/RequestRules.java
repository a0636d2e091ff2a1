package org.rayo.media.sip;

import gov.nist.javax.sip.message.SIPRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sip.header.AcceptHeader;
import javax.sip.header.ContentEncodingHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.RequireHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * What holds for requests of every kind, before anybody looks at what they ask for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261#section-8.2">RFC 3261, section 8.2</a>
 */
final class RequestRules {

  private static final String VERSION = "SIP/2.0";
  private static final Set<String> SCHEMES = Set.of("sip", "sips", "tel");
  private static final String SDP_TYPE = "application";
  private static final String SDP_SUBTYPE = "sdp";

  private final SipEndpoint endpoint;

  RequestRules(SipEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Why a request is not even looked into. A BYE always is, whatever it requires: a call must be
   * able to end. So are ACK, which has no response, and CANCEL, which may require nothing.
   */
  Optional<Response> refusal(Request request) {
    String method = request.getMethod();
    if (method.equals(Request.ACK) || method.equals(Request.CANCEL) || method.equals(Request.BYE)) {
      return Optional.empty();
    }
    if (!VERSION.equalsIgnoreCase(((SIPRequest) request).getRequestLine().getSipVersion())) {
      return Optional.of(response(Response.VERSION_NOT_SUPPORTED, request));
    }
    if (!SCHEMES.contains(request.getRequestURI().getScheme().toLowerCase(Locale.ROOT))) {
      return Optional.of(response(Response.UNSUPPORTED_URI_SCHEME, request));
    }
    List<String> required = required(request);
    if (!required.isEmpty()) {
      Response response = response(Response.BAD_EXTENSION, request);
      endpoint.messages().unsupported(response, required);
      return Optional.of(response);
    }
    return method.equals(Request.INVITE) || method.equals(Request.UPDATE)
        ? mediaRefusal(request)
        : Optional.empty();
  }

  private Optional<Response> mediaRefusal(Request request) {
    if (SipMessages.bodyOf(request).isPresent() && !hasPlainSdp(request)) {
      Response response = response(Response.UNSUPPORTED_MEDIA_TYPE, request);
      endpoint.messages().capabilities(response);
      return Optional.of(response);
    }
    return acceptsSdp(request)
        ? Optional.empty()
        : Optional.of(response(Response.NOT_ACCEPTABLE, request));
  }

  /** None of the extensions that a request may require is supported. */
  private static List<String> required(Request request) {
    List<String> options = new ArrayList<>();
    for (Iterator<?> all = request.getHeaders(RequireHeader.NAME); all.hasNext(); ) {
      options.add(((RequireHeader) all.next()).getOptionTag());
    }
    return options;
  }

  private static boolean hasPlainSdp(Request request) {
    ContentTypeHeader type = (ContentTypeHeader) request.getHeader(ContentTypeHeader.NAME);
    ContentEncodingHeader encoding =
        (ContentEncodingHeader) request.getHeader(ContentEncodingHeader.NAME);
    return type != null
        && SDP_TYPE.equalsIgnoreCase(type.getContentType())
        && SDP_SUBTYPE.equalsIgnoreCase(type.getContentSubType())
        && (encoding == null || encoding.getEncoding().equalsIgnoreCase("identity"));
  }

  /** The answer will be SDP. Who says nothing of what he accepts accepts that. */
  private static boolean acceptsSdp(Request request) {
    Iterator<?> all = request.getHeaders(AcceptHeader.NAME);
    boolean accepts = !all.hasNext();
    while (all.hasNext()) {
      AcceptHeader accept = (AcceptHeader) all.next();
      accepts |=
          isOneOf(accept.getContentType(), SDP_TYPE)
              && isOneOf(accept.getContentSubType(), SDP_SUBTYPE);
    }
    return accepts;
  }

  private static boolean isOneOf(String range, String part) {
    return range == null || range.equals("*") || range.equalsIgnoreCase(part);
  }

  private Response response(int status, Request request) {
    return endpoint.messages().response(status, request, endpoint.tag(request));
  }
}
