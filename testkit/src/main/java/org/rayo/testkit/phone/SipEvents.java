package org.rayo.testkit.phone;

import java.io.IOException;
import java.text.ParseException;
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
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.message.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the events of the SIP stack to the signalling thread, each to its call. */
final class SipEvents implements SipListener {

  private static final Logger LOG = LoggerFactory.getLogger(SipEvents.class);

  private final SoftPhone phone;

  SipEvents(SoftPhone phone) {
    this.phone = phone;
  }

  @Override
  public void processRequest(RequestEvent event) {
    Request request = event.getRequest();
    Optional<PhoneCall> call = callOf(event.getDialog());
    if (request.getMethod().equals(Request.ACK)) {
      call.ifPresent(known -> phone.signal(() -> known.acknowledged(request)));
      return;
    }
    ServerTransaction transaction;
    try {
      // At once: after we return, a retransmission would find no transaction.
      transaction =
          event.getServerTransaction() != null
              ? event.getServerTransaction()
              : phone.provider().getNewServerTransaction(request);
    } catch (SipException e) {
      LOG.debug("no transaction for {}", request.getMethod(), e);
      return;
    }
    phone.signal(() -> dispatch(request, transaction, call));
  }

  private void dispatch(Request request, ServerTransaction transaction, Optional<PhoneCall> call)
      throws SipException, InvalidArgumentException, ParseException, IOException {
    if (request.getMethod().equals(Request.CANCEL)) {
      if (call.orElse(null) instanceof IncomingCall ringing) {
        ringing.cancelled(request, transaction);
      }
    } else if (call.isPresent()) {
      call.get().received(request, transaction);
    } else if (request.getMethod().equals(Request.INVITE)) {
      phone.invited(transaction);
    } else if (request.getMethod().equals(Request.OPTIONS)) {
      phone.countOptions();
      transaction.sendResponse(phone.messages().response(200, request));
    } else {
      transaction.sendResponse(phone.messages().response(481, request));
    }
  }

  @Override
  public void processResponse(ResponseEvent event) {
    ClientTransaction transaction = event.getClientTransaction();
    if (transaction == null) {
      return; // A repeated 200; the stack has repeated the ACK.
    }
    if (transaction.getApplicationData() instanceof PhoneCall call) {
      Optional<Dialog> dialog = Optional.ofNullable(event.getDialog());
      dialog.ifPresent(known -> known.setApplicationData(call));
      phone.signal(() -> call.received(event.getResponse(), dialog));
    }
  }

  @Override
  public void processTimeout(TimeoutEvent event) {
    if (!event.isServerTransaction()
        && event.getClientTransaction().getApplicationData() instanceof PhoneCall call) {
      String method = event.getClientTransaction().getRequest().getMethod();
      phone.signal(() -> call.timedOut(method));
    }
  }

  @Override
  public void processIOException(IOExceptionEvent event) {
    LOG.debug("{} to {}:{} broke", event.getTransport(), event.getHost(), event.getPort());
  }

  @Override
  public void processTransactionTerminated(TransactionTerminatedEvent event) {}

  @Override
  public void processDialogTerminated(DialogTerminatedEvent event) {}

  private static Optional<PhoneCall> callOf(Dialog dialog) {
    return dialog != null && dialog.getApplicationData() instanceof PhoneCall call
        ? Optional.of(call)
        : Optional.empty();
  }
}
