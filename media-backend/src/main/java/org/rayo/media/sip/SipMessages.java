package org.rayo.media.sip;

import gov.nist.javax.sip.message.SIPMessage;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sip.InvalidArgumentException;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.address.Address;
import javax.sip.address.AddressFactory;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.ContactHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaException;

/** Builds the messages of the endpoint. What it is given has been checked: a failure is a fault. */
final class SipMessages {

  /** The methods that are served. */
  static final List<String> METHODS =
      List.of("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "MESSAGE");

  private static final int MAX_FORWARDS = 70;

  private final MessageFactory messages;
  private final HeaderFactory headers;
  private final AddressFactory addresses;
  private final String userAgent;

  SipMessages(SipFactory factory, String userAgent) throws PeerUnavailableException {
    this.messages = factory.createMessageFactory();
    this.headers = factory.createHeaderFactory();
    this.addresses = factory.createAddressFactory();
    this.userAgent = userAgent;
  }

  /** A response, with our To tag when it needs one. */
  Response response(int status, Request request, String tag) {
    return built(
        () -> {
          Response response = messages.createResponse(status, request);
          ToHeader to = (ToHeader) response.getHeader(ToHeader.NAME);
          if (status != Response.TRYING && to.getTag() == null) {
            to.setTag(tag);
          }
          response.setHeader(headers.createServerHeader(List.of(userAgent)));
          return response;
        });
  }

  /** Adds what an element of RFC 2543 may have left out, and the stack insists on. */
  void complete(Request request) {
    if (request.getHeader(MaxForwardsHeader.NAME) == null) {
      run(() -> request.setHeader(headers.createMaxForwardsHeader(MAX_FORWARDS)));
    }
  }

  void body(Message message, byte[] sdp) {
    run(() -> message.setContent(sdp, headers.createContentTypeHeader("application", "sdp")));
  }

  /** A header that the stack itself must understand. */
  void parsed(Message message, Header header) throws ParseException {
    message.setHeader(headers.createHeader(header.name(), header.value()));
  }

  void text(Message message, TextBody text) {
    run(
        () -> {
          ContentTypeHeader type = headers.createContentTypeHeader("text", text.subtype());
          type.setParameter("charset", "UTF-8");
          message.setContent(text.bytes(), type);
        });
  }

  /** Where this side wants the dialog's requests. */
  void contact(Message message, String host, int port, String transport) {
    run(
        () -> {
          SipURI uri = addresses.createSipURI(null, bracketed(host));
          uri.setPort(port);
          if (!transport.equalsIgnoreCase("udp")) {
            uri.setTransportParam(transport.toLowerCase(Locale.ROOT));
          }
          message.setHeader(headers.createContactHeader(addresses.createAddress(uri)));
        });
  }

  /** Where the caller should try instead. */
  void redirectTo(Message message, String uri) throws ParseException {
    Address address = addresses.createAddress(addresses.createURI(uri));
    ContactHeader contact = headers.createContactHeader(address);
    message.setHeader(contact);
  }

  /**
   * A request for a dialog that the stack does not know.
   *
   * @param host and port where its response is to come
   * @throws ParseException when the dialog's parts make no request
   */
  Request within(DialogState dialog, String method, long sequence, String host, int port)
      throws ParseException, InvalidArgumentException {
    URI target = addresses.createURI(dialog.remoteTarget());
    URI next = target;
    List<RouteHeader> routes = new ArrayList<>();
    for (String route : dialog.routes()) {
      routes.add(headers.createRouteHeader(addresses.createAddress(route)));
    }
    if (!routes.isEmpty()) {
      next = routes.get(0).getAddress().getURI();
    } else if (target instanceof SipURI sip && sip.getTransportParam() == null) {
      // Its connection is gone, and nobody may listen at another transport.
      sip.setTransportParam(dialog.transport().toLowerCase(Locale.ROOT));
    }
    String transport =
        next instanceof SipURI sip && sip.getTransportParam() != null
            ? sip.getTransportParam()
            : "udp";
    ToHeader to = headers.createToHeader(addresses.createAddress(dialog.remoteParty()), null);
    if (!dialog.remoteTag().isEmpty()) {
      to.setTag(dialog.remoteTag());
    }
    Request request =
        messages.createRequest(
            target,
            method,
            headers.createCallIdHeader(dialog.callId()),
            headers.createCSeqHeader(sequence, method),
            headers.createFromHeader(
                addresses.createAddress(dialog.localParty()), dialog.localTag()),
            to,
            List.of(headers.createViaHeader(bracketed(host), port, transport, null)),
            headers.createMaxForwardsHeader(MAX_FORWARDS));
    routes.forEach(request::addHeader);
    userAgent(request);
    return request;
  }

  /**
   * An INVITE outside of any dialog, to whom its own uri names.
   *
   * @param from our address
   * @param host and port where its response is to come
   */
  Request invite(
      SipURI target,
      String from,
      String tag,
      String callId,
      long sequence,
      String host,
      int port,
      String transport)
      throws ParseException, InvalidArgumentException {
    Request invite =
        messages.createRequest(
            target,
            Request.INVITE,
            headers.createCallIdHeader(callId),
            headers.createCSeqHeader(sequence, Request.INVITE),
            headers.createFromHeader(addresses.createAddress(addresses.createURI(from)), tag),
            headers.createToHeader(addresses.createAddress((URI) target.clone()), null),
            List.of(headers.createViaHeader(bracketed(host), port, transport, null)),
            headers.createMaxForwardsHeader(MAX_FORWARDS));
    userAgent(invite);
    return invite;
  }

  /**
   * Reads an address from outside.
   *
   * @throws MediaException fault {@code REFUSED} when it is none
   */
  URI uri(String text) throws MediaException {
    try {
      return addresses.createURI(text);
    } catch (ParseException | RuntimeException e) { // the parser was not made for any text
      throw new MediaException(
          MediaException.Fault.REFUSED, "'" + text + "' is no address that can be called", e);
    }
  }

  /**
   * An address of nothing but these parts.
   *
   * @param user may be empty
   * @param port -1 for none
   * @param phone whether the user is a telephone number
   */
  SipURI sipUri(String user, String host, int port, boolean phone) {
    return built(
        () -> {
          SipURI uri = addresses.createSipURI(user.isEmpty() ? null : user, bracketed(host));
          if (port > 0) {
            uri.setPort(port);
          }
          if (phone) {
            uri.setUserParam("phone");
          }
          return uri;
        });
  }

  /** What this endpoint can do. */
  void capabilities(Message message) {
    run(
        () -> {
          allow(message);
          message.setHeader(headers.createAcceptHeader("application", "sdp"));
          message.setHeader(headers.createAcceptEncodingHeader("identity"));
        });
  }

  void allow(Message message) {
    run(
        () -> {
          for (String method : METHODS) {
            message.addHeader(headers.createAllowHeader(method));
          }
        });
  }

  void accept(Message message) {
    run(() -> message.setHeader(headers.createAcceptHeader("application", "sdp")));
  }

  void acceptText(Message message) {
    run(() -> message.setHeader(headers.createAcceptHeader("text", "plain")));
  }

  void unsupported(Message message, List<String> options) {
    run(
        () -> {
          for (String option : options) {
            message.addHeader(headers.createUnsupportedHeader(option));
          }
        });
  }

  /**
   * Adds a Warning.
   *
   * @param text printable ASCII; quotes become apostrophes
   */
  void warning(Message message, String host, int code, String text) {
    String quotable = text.replaceAll("[^ -~]", "?").replace('"', '\'').replace('\\', '/');
    run(() -> message.setHeader(headers.createWarningHeader(bracketed(host), code, quotable)));
  }

  void retryAfter(Message message, int seconds) {
    run(() -> message.setHeader(headers.createRetryAfterHeader(seconds)));
  }

  void userAgent(Message message) {
    run(() -> message.setHeader(headers.createUserAgentHeader(List.of(userAgent))));
  }

  /** The body, empty when there is none. */
  static Optional<byte[]> bodyOf(Message message) {
    byte[] content = ((SIPMessage) message).getRawContent();
    return content == null || content.length == 0 ? Optional.empty() : Optional.of(content);
  }

  static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static void run(Step step) {
    built(
        () -> {
          step.run();
          return step;
        });
  }

  private static <T> T built(Build<T> build) {
    try {
      return build.build();
    } catch (ParseException | InvalidArgumentException e) {
      throw new IllegalStateException("a message of ours cannot be built", e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws ParseException, InvalidArgumentException;
  }

  @FunctionalInterface
  private interface Build<T> {
    T build() throws ParseException, InvalidArgumentException;
  }
}
