package org.rayo.media.sip;

import gov.nist.javax.sip.RequestEventExt;
import java.net.InetAddress;
import java.util.Optional;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.header.CallIdHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.call.Caller;
import org.rayo.media.call.Calls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides about a new INVITE: it becomes a call, or is refused with the reason. */
final class CallAdmission {

  private static final Logger log = LoggerFactory.getLogger(CallAdmission.class);

  private static final int RETRY_SECONDS = 10;

  private final CallEnvironment environment;
  private final SipEndpoint endpoint;
  private final Calls<EmbeddedCall> calls;
  private final ExpectedCalls expected;

  CallAdmission(CallEnvironment environment, Calls<EmbeddedCall> calls, ExpectedCalls expected) {
    this.expected = expected;
    this.environment = environment;
    this.endpoint = environment.endpoint();
    this.calls = calls;
  }

  /** One outside of any dialog, that {@link RequestRules} let pass. */
  void invite(RequestEventExt event) throws SipException, InvalidArgumentException {
    Request request = event.getRequest();
    if (!expected.isExpected(SipAddresses.to(request))) {
      log.info("call {} refused: nobody expects it", callId(request));
      endpoint.provider().sendResponse(response(Response.NOT_FOUND, request));
      return;
    }
    Optional<byte[]> body = SipMessages.bodyOf(request);
    try {
      Optional<Offered.Offer> offer =
          body.isPresent() ? Optional.of(Offered.Offer.of(body.get())) : Optional.empty();
      admit(event, request, offer);
    } catch (SdpException e) {
      refuseBody(request, Response.BAD_REQUEST, EmbeddedCall.MISCELLANEOUS, e.problem());
    } catch (NotAcceptableException e) {
      refuseBody(request, Response.NOT_ACCEPTABLE_HERE, e.warnCode(), e.problem());
    }
  }

  private void admit(RequestEventExt event, Request request, Optional<Offered.Offer> offer)
      throws SipException, InvalidArgumentException {
    ServerTransaction transaction = event.getServerTransaction();
    if (transaction == null) {
      transaction = endpoint.provider().getNewServerTransaction(request);
    }
    if (!calls.reserve()) {
      Response full = response(Response.SERVICE_UNAVAILABLE, request);
      endpoint.messages().retryAfter(full, RETRY_SECONDS);
      transaction.sendResponse(full);
      return;
    }
    EmbeddedCall call;
    try {
      call = begin(event, transaction, offer);
    } catch (SipException | InvalidArgumentException | RuntimeException e) {
      // Nobody can be told: the caller's connection is gone, for one.
      calls.release();
      throw e;
    }
    log.atLevel(environment.logged()).log("{}: from {} to {}", call, call.from(), call.to());
    calls.announce(call);
  }

  private EmbeddedCall begin(
      RequestEventExt event, ServerTransaction transaction, Optional<Offered.Offer> offer)
      throws SipException, InvalidArgumentException {
    Request request = event.getRequest();
    String tag = endpoint.tag(request);
    transaction.sendResponse(endpoint.messages().response(Response.TRYING, request, tag));
    InetAddress address =
        OwnAddress.towards(
            event.getRemoteIpAddress(), event.getRemotePort(), endpoint, environment.settings());
    InviteDialog dialog = new InviteDialog(endpoint, transaction, tag, address.getHostAddress());
    EmbeddedCall call =
        EmbeddedCall.incoming(
            environment,
            dialog,
            address,
            new Caller(
                callId(request),
                SipAddresses.to(request),
                SipAddresses.from(request),
                SipHeaders.told(request)),
            offer);
    dialog.bind(call);
    return call;
  }

  private void refuseBody(Request request, int status, int warnCode, String why)
      throws SipException {
    log.info("call {} refused with {}: {}", callId(request), status, why);
    Response response = response(status, request);
    endpoint.messages().warning(response, endpoint.bound().getHostAddress(), warnCode, why);
    endpoint.provider().sendResponse(response);
  }

  private Response response(int status, Request request) {
    return endpoint.messages().response(status, request, endpoint.tag(request));
  }

  private static String callId(Request request) {
    return ((CallIdHeader) request.getHeader(CallIdHeader.NAME)).getCallId();
  }
}
