package org.rayo.testkit.phone;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sip.InvalidArgumentException;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.SipProvider;
import javax.sip.address.Address;
import javax.sip.address.AddressFactory;
import javax.sip.address.SipURI;
import javax.sip.header.ContactHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** Builds the phone's SIP messages, and reads what it needs of others. Any thread may use it. */
final class SipMessages {

  private final AddressFactory addresses;
  private final HeaderFactory headers;
  private final MessageFactory messages;
  private final InetSocketAddress local;

  SipMessages(SipFactory factory, InetSocketAddress local) throws PeerUnavailableException {
    addresses = factory.createAddressFactory();
    headers = factory.createHeaderFactory();
    messages = factory.createMessageFactory();
    this.local = local;
  }

  /** An INVITE that describes no session yet. */
  Request invite(SipProvider provider, CallOptions options)
      throws ParseException, InvalidArgumentException {
    String transport = options.transport().token();
    SipURI target = (SipURI) addresses.createURI(options.to());
    Address to = addresses.createAddress(addresses.createURI(options.to()));
    if (options.transport() == Transport.TCP) {
      target.setTransportParam(transport);
    }
    Address from = addresses.createAddress(addresses.createSipURI(options.user(), host()));
    if (options.display().isPresent()) {
      from.setDisplayName(options.display().get());
    }
    Request invite =
        messages.createRequest(
            target,
            Request.INVITE,
            provider.getNewCallId(),
            headers.createCSeqHeader(1L, Request.INVITE),
            headers.createFromHeader(from, tag()),
            headers.createToHeader(to, null),
            List.of(headers.createViaHeader(host(), local.getPort(), transport, null)),
            headers.createMaxForwardsHeader(70));
    invite.addHeader(contact(options.user(), transport));
    for (Header header : options.headers()) {
      invite.addHeader(headers.createHeader(header.name(), header.value()));
    }
    return invite;
  }

  Response response(int status, Request request) throws ParseException {
    return messages.createResponse(status, request);
  }

  /** A 200 with Contact, and with a session if one is given. */
  Response ok(Request request, Optional<SessionDescription> session)
      throws ParseException, InvalidArgumentException {
    Response ok = messages.createResponse(Response.OK, request);
    String transport = ((javax.sip.header.ViaHeader) request.getHeader("Via")).getTransport();
    ok.addHeader(contact("phone", transport));
    if (session.isPresent()) {
      describe(ok, session.get());
    }
    return ok;
  }

  ContactHeader contact(String user, String transport) throws ParseException {
    SipURI uri = addresses.createSipURI(user, host());
    uri.setPort(local.getPort());
    uri.setTransportParam(transport);
    return headers.createContactHeader(addresses.createAddress(uri));
  }

  ContactHeader contact(String uri) throws ParseException {
    return headers.createContactHeader(addresses.createAddress(addresses.createURI(uri)));
  }

  void describe(Message message, SessionDescription session) throws ParseException {
    message.setContent(session.text(), headers.createContentTypeHeader("application", "sdp"));
  }

  /** The session that a message describes, if it does. */
  static Optional<SessionDescription> session(Message message) {
    byte[] content = message.getRawContent();
    return content == null || content.length == 0
        ? Optional.empty()
        : Optional.of(SessionDescription.parse(new String(content, StandardCharsets.UTF_8)));
  }

  static CallFailed failure(Response response) {
    ContactHeader contact = (ContactHeader) response.getHeader("Contact");
    return new CallFailed(
        response.getStatusCode(),
        Optional.ofNullable(response.getReasonPhrase()).orElse(""),
        Optional.ofNullable(contact).map(header -> header.getAddress().getURI().toString()));
  }

  static String tag() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  private String host() {
    return local.getAddress().getHostAddress();
  }
}
