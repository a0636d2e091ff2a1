package org.rayo.media.sip;

import gov.nist.javax.sip.DialogTimeoutEvent;
import gov.nist.javax.sip.RequestEventExt;
import gov.nist.javax.sip.ServerTransactionExt;
import gov.nist.javax.sip.SipListenerExt;
import java.util.List;
import java.util.Optional;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.call.Calls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the stack has read: requests of a call go to its queue, new calls to {@link
 * CallAdmission}, the rest is answered here. Runs on the stack's threads and never waits.
 */
final class RequestDispatcher implements SipListenerExt {

  private static final Logger log = LoggerFactory.getLogger(RequestDispatcher.class);

  private final SipEndpoint endpoint;
  private final SipSettings settings;
  private final CallAdmission admission;
  private final Calls<EmbeddedCall> calls;
  private final RequestRules rules;

  RequestDispatcher(
      SipEndpoint endpoint,
      SipSettings settings,
      CallAdmission admission,
      Calls<EmbeddedCall> calls) {
    this.endpoint = endpoint;
    this.settings = settings;
    this.admission = admission;
    this.calls = calls;
    this.rules = new RequestRules(endpoint);
  }

  @Override
  public void processRequest(RequestEvent event) {
    Request request = event.getRequest();
    try {
      dispatch((RequestEventExt) event, request);
    } catch (SipException | InvalidArgumentException e) {
      log.debug("{} is not served: {}", request.getMethod(), e.getMessage());
    } catch (RuntimeException | Error e) { // the top of the stack's only thread for UDP
      log.error("{} of call {} failed", request.getMethod(), callId(request), e);
    }
  }

  private void dispatch(RequestEventExt event, Request request)
      throws SipException, InvalidArgumentException {
    if (!endpoint.canAnswer(request)) {
      log.debug("{} dropped: no way back by its Via", request.getMethod());
      return;
    }
    boolean isAck = request.getMethod().equals(Request.ACK);
    if (!isAllowed(event.getRemoteIpAddress()) && !isOfOurs(event.getDialog())) {
      if (!isAck) {
        log.info("{} from {} refused", request.getMethod(), event.getRemoteIpAddress());
        endpoint.refuse(request, Response.FORBIDDEN, response -> {});
      }
      return;
    }
    endpoint.messages().complete(request);
    Optional<EmbeddedCall> call = callOf(event.getDialog());
    if (isAck) {
      call.ifPresent(c -> c.acknowledged(SipMessages.bodyOf(request)));
    } else if (request.getMethod().equals(Request.CANCEL)) {
      cancel(event.getServerTransaction(), request);
    } else if (call.isPresent() && isWithinDialog(request)) {
      withinDialog(call.get(), transaction(event), request);
    } else if (isWithinDialog(request)) {
      endpoint.refuse(request, Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST, response -> {});
    } else {
      outsideDialog(event, request);
    }
  }

  private void outsideDialog(RequestEventExt event, Request request)
      throws SipException, InvalidArgumentException {
    Optional<Response> refusal = rules.refusal(request);
    if (refusal.isPresent()) {
      endpoint.provider().sendResponse(refusal.get());
      return;
    }
    switch (request.getMethod()) {
      case Request.INVITE -> admission.invite(event);
      case Request.OPTIONS ->
          endpoint.refuse(request, Response.OK, endpoint.messages()::capabilities);
      default -> endpoint.refuse(request, Response.METHOD_NOT_ALLOWED, endpoint.messages()::allow);
    }
  }

  private void withinDialog(EmbeddedCall call, ServerTransaction transaction, Request request) {
    Optional<Response> refusal = rules.refusal(request);
    if (refusal.isPresent()) {
      call.network(now -> call.dialog().refuse(transaction, refusal.get()));
      return;
    }
    switch (request.getMethod()) {
      case Request.BYE -> call.byeReceived(transaction);
      case Request.INVITE, Request.UPDATE -> call.network(now -> now.renegotiate(transaction));
      case Request.MESSAGE -> call.network(now -> now.messageReceived(transaction));
      case Request.OPTIONS -> {
        Response ok = call.dialog().response(Response.OK, request);
        endpoint.messages().capabilities(ok);
        call.network(now -> call.dialog().refuse(transaction, ok));
      }
      default -> {
        Response no = call.dialog().response(Response.METHOD_NOT_ALLOWED, request);
        endpoint.messages().allow(no);
        call.network(now -> call.dialog().refuse(transaction, no));
      }
    }
  }

  private void cancel(ServerTransaction cancel, Request request)
      throws SipException, InvalidArgumentException {
    if (cancel == null) {
      return;
    }
    cancel.sendResponse(endpoint.messages().response(Response.OK, request, endpoint.tag(request)));
    ServerTransaction invite = ((ServerTransactionExt) cancel).getCanceledInviteTransaction();
    if (invite != null && invite.getApplicationData() instanceof EmbeddedCall call) {
      List<Header> headers = SipHeaders.told(request);
      Optional<String> cause = SipHeaders.q850Cause(request);
      call.network(now -> now.cancelled(headers, cause));
    }
  }

  private ServerTransaction transaction(RequestEvent event) throws SipException {
    ServerTransaction known = event.getServerTransaction();
    return known != null ? known : endpoint.provider().getNewServerTransaction(event.getRequest());
  }

  private boolean isAllowed(String address) {
    return settings.allowedCallers().isEmpty()
        || IpLiteral.parse(address).filter(settings::allows).isPresent();
  }

  @Override
  public void processResponse(ResponseEvent event) {
    ClientTransaction transaction = event.getClientTransaction();
    if (transaction == null) {
      stray(event);
    } else if (transaction.getApplicationData() instanceof SentRequest sent) {
      sent.responded(event);
    }
  }

  /** Without a transaction: it may be another branch's answer to an INVITE of ours. */
  private void stray(ResponseEvent event) {
    Response response = event.getResponse();
    CSeqHeader number = (CSeqHeader) response.getHeader(CSeqHeader.NAME);
    if (response.getStatusCode() / 100 == 2 && number.getMethod().equals(Request.INVITE)) {
      String id = ((CallIdHeader) response.getHeader(CallIdHeader.NAME)).getCallId();
      for (EmbeddedCall call : calls.all()) {
        if (call.signallingId().equals(id) && call.dialog() instanceof OutboundDialog dialog) {
          new InviteProgress(call, dialog).responded(event);
        }
      }
    }
  }

  @Override
  public void processTimeout(TimeoutEvent event) {
    if (!event.isServerTransaction()) {
      if (event.getClientTransaction().getApplicationData() instanceof SentRequest sent) {
        sent.unanswered();
      }
    }
  }

  @Override
  public void processDialogTimeout(DialogTimeoutEvent event) {
    if (event.getReason() == DialogTimeoutEvent.Reason.AckNotReceived) {
      callOf(event.getDialog()).ifPresent(call -> call.network(CallState::unacknowledged));
    }
  }

  @Override
  public void processIOException(IOExceptionEvent event) {
    log.debug("SIP to {}:{} failed", event.getHost(), event.getPort());
  }

  @Override
  public void processTransactionTerminated(TransactionTerminatedEvent event) {
    // a call ends by its own rules
  }

  @Override
  public void processDialogTerminated(DialogTerminatedEvent event) {
    callOf(event.getDialog())
        .filter(call -> call.dialog().dialog().filter(event.getDialog()::equals).isPresent())
        .ifPresent(call -> call.network(now -> call.signallingDone()));
  }

  private static Optional<EmbeddedCall> callOf(Dialog dialog) {
    return dialog != null && dialog.getApplicationData() instanceof EmbeddedCall call
        ? Optional.of(call)
        : Optional.empty();
  }

  /** Whom we call may answer, be it allowed to call us or not. */
  private static boolean isOfOurs(Dialog dialog) {
    return callOf(dialog).filter(EmbeddedCall::isOutbound).isPresent();
  }

  private static boolean isWithinDialog(Request request) {
    return ((ToHeader) request.getHeader(ToHeader.NAME)).getTag() != null;
  }

  private static String callId(Request request) {
    return ((CallIdHeader) request.getHeader(CallIdHeader.NAME)).getCallId();
  }
}
