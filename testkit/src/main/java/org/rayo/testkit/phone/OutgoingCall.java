package org.rayo.testkit.phone;

import java.io.IOException;
import java.text.ParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import javax.sip.header.CSeqHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.testkit.phone.SessionDescription.Direction;

/** A call that the phone places. */
final class OutgoingCall extends PhoneCall {

  private final CallOptions options;
  private final CompletionStage<Void> played;
  private Optional<ClientTransaction> invite = Optional.empty();

  OutgoingCall(SoftPhone phone, CallOptions options) throws IOException {
    super(phone, options.impairment());
    this.options = options;
    played = options.audio().map(rtp::say).orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  @Override
  public CompletionStage<Void> played() {
    return played;
  }

  void begin() throws ParseException, InvalidArgumentException, SipException {
    Request request = phone.messages().invite(phone.provider(), options);
    if (!options.lateOffer()) {
      phone.messages().describe(request, ourSession());
    }
    ClientTransaction transaction = phone.provider().getNewClientTransaction(request);
    owns(transaction);
    invite = Optional.of(transaction);
    dialog = Optional.ofNullable(transaction.getDialog());
    try {
      transaction.sendRequest();
    } catch (SipException e) {
      fail(new CallFailed(503, "the INVITE could not be sent: " + e, Optional.empty()));
    }
  }

  void fail(CallFailed failure) {
    ringing.complete(failure.status());
    answered.completeExceptionally(failure);
    over(HangupCause.REFUSED);
  }

  @Override
  void inviteResponse(Response response)
      throws SipException, InvalidArgumentException, ParseException {
    int status = response.getStatusCode();
    if (status < 200) {
      provisional(response);
    } else if (status < 300) {
      answered(response);
    } else {
      boolean cancelled = state == State.CANCELLING;
      ringing.complete(status);
      answered.completeExceptionally(SipMessages.failure(response));
      over(cancelled ? HangupCause.CANCELLED : HangupCause.REFUSED);
    }
  }

  private void provisional(Response response) throws SipException {
    if (state == State.CALLING) {
      state = State.PROCEEDING;
    } else if (state == State.CANCELLING) {
      cancel();
    }
    if (options.earlyMedia()) {
      SipMessages.session(response).ifPresent(this::talkTo);
    }
    if (response.getStatusCode() > 100) {
      ringing.complete(response.getStatusCode());
    }
  }

  private SessionDescription ourSession() {
    return describe(options.codecs(), Direction.SENDRECV, options.telephoneEvent());
  }

  private void answered(Response response)
      throws SipException, InvalidArgumentException, ParseException {
    long cseq = ((CSeqHeader) response.getHeader(CSeqHeader.NAME)).getSeqNumber();
    if (options.lateOffer()) {
      acknowledge(cseq, ourSession());
    } else {
      acknowledge(cseq);
    }
    ringing.complete(response.getStatusCode());
    if (state == State.CANCELLING) { // The answer crossed our CANCEL.
      sendBye();
      return;
    }
    if (state != State.TALKING) {
      state = State.TALKING;
      SipMessages.session(response).ifPresent(this::talkTo);
      answered.complete(null);
      hangUpIn(options.hangUpAfter());
    }
  }

  @Override
  void end() {
    try {
      switch (state) {
        case CALLING -> state = State.CANCELLING; // CANCEL may not go before a response came.
        case PROCEEDING -> {
          state = State.CANCELLING;
          cancel();
        }
        case TALKING -> sendBye();
        case CANCELLING, ENDING, OVER -> {}
      }
    } catch (SipException e) {
      fail(new CallFailed(503, "hanging up: " + e, Optional.empty()));
    }
  }

  private void cancel() throws SipException {
    Request request = invite.orElseThrow().createCancel();
    ClientTransaction transaction = phone.provider().getNewClientTransaction(request);
    owns(transaction);
    transaction.sendRequest();
  }

  @Override
  void timedOut(String method) {
    if (method.equals(Request.INVITE) && state != State.TALKING) {
      ringing.complete(408);
      answered.completeExceptionally(new CallFailed(408, "no response", Optional.empty()));
    }
    over(HangupCause.TIMED_OUT);
  }
}
