package org.rayo.testkit.phone;

import java.io.IOException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.header.ExtensionHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.testkit.phone.SessionDescription.Direction;

/** A call that has come to a phone made by {@link SoftPhone#answering}. */
public final class IncomingCall extends PhoneCall {

  private final Answering answering;
  private final ServerTransaction invite;
  private final Optional<SessionDescription> offer;
  private final CompletionStage<Void> played;

  IncomingCall(SoftPhone phone, Answering answering, ServerTransaction invite) throws IOException {
    super(phone, answering.impairment());
    this.answering = answering;
    this.invite = invite;
    offer = SipMessages.session(invite.getRequest());
    played =
        answering.audio().map(rtp::say).orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** The INVITE as text. */
  public String invite() {
    return invite.getRequest().toString();
  }

  /** The values of an extension header of the INVITE, in order. */
  public List<String> inviteHeader(String name) {
    List<String> values = new ArrayList<>();
    for (ListIterator<?> all = invite.getRequest().getHeaders(name); all.hasNext(); ) {
      if (all.next() instanceof ExtensionHeader header) {
        values.add(header.getValue());
      }
    }
    return values;
  }

  @Override
  public CompletionStage<Void> played() {
    return played;
  }

  /** Says 180, if the call is not answered yet. */
  public void ring() {
    phone.signal(
        () -> {
          if (state == State.PROCEEDING) {
            invite.sendResponse(phone.messages().response(Response.RINGING, invite.getRequest()));
            ringing.complete(Response.RINGING);
          }
        });
  }

  /** Says 183 with a session, and sends audio from then on, if the call is not answered yet. */
  public void progress() {
    phone.signal(this::earlyMedia);
  }

  /** Answers with 200, if the call still rings. */
  public void answer() {
    phone.signal(this::accept);
  }

  /** Refuses with a status of 300 or more, if the call still rings. */
  public void refuse(int status) {
    phone.signal(() -> decline(status, HangupCause.REFUSED, answering.contact()));
  }

  /** Refuses with 302, if the call still rings. */
  public void redirect(String sipUri) {
    phone.signal(
        () -> decline(Response.MOVED_TEMPORARILY, HangupCause.REFUSED, Optional.of(sipUri)));
  }

  void begin() throws ParseException, SipException, InvalidArgumentException {
    dialog = Optional.ofNullable(invite.getDialog());
    dialog.ifPresent(known -> known.setApplicationData(this));
    state = State.PROCEEDING;
    noteRequest(Request.INVITE);
    int first = answering.rings() ? Response.RINGING : Response.TRYING;
    invite.sendResponse(phone.messages().response(first, invite.getRequest()));
    if (answering.rings()) {
      ringing.complete(first);
    }
    answering.ringFor().ifPresent(time -> phone.signalIn(time, this::decide));
  }

  private void decide() throws ParseException, SipException, InvalidArgumentException {
    if (answering.status() < 300) {
      accept();
    } else {
      decline(answering.status(), HangupCause.REFUSED, answering.contact());
    }
  }

  private void earlyMedia() throws ParseException, SipException, InvalidArgumentException {
    Optional<SessionDescription> session = state == State.PROCEEDING ? agree() : Optional.empty();
    if (session.isPresent()) {
      Response progress = phone.messages().ok(invite.getRequest(), session);
      progress.setStatusCode(Response.SESSION_PROGRESS);
      invite.sendResponse(progress);
      ringing.complete(Response.SESSION_PROGRESS);
      talk();
    }
  }

  private void accept() throws ParseException, SipException, InvalidArgumentException {
    if (state != State.PROCEEDING) {
      return;
    }
    Optional<SessionDescription> session = agree();
    if (session.isEmpty()) {
      decline(Response.NOT_ACCEPTABLE_HERE, HangupCause.REFUSED, Optional.empty());
      return;
    }
    invite.sendResponse(phone.messages().ok(invite.getRequest(), session));
    state = State.TALKING;
    talk();
    answered.complete(null);
    hangUpIn(answering.hangUpAfter());
  }

  /** Chooses the codec; empty if there is none in common. */
  private Optional<SessionDescription> agree() {
    List<Codec> common =
        answering.codecs().stream()
            .filter(
                codec ->
                    offer.map(o -> o.payloadTypes().contains(codec.payloadType())).orElse(true))
            .toList();
    if (common.isEmpty()) {
      return Optional.empty();
    }
    codec = common.get(0);
    return Optional.of(
        describe(
            List.of(codec),
            offer.map(o -> o.direction().answer()).orElse(Direction.SENDRECV),
            offer.map(SessionDescription::telephoneEvent).orElse(false)));
  }

  private void talk() {
    offer.ifPresent(
        theirs ->
            talkTo(
                new SessionDescription(
                    theirs.version(),
                    theirs.rtp(),
                    List.of(codec.payloadType()),
                    theirs.telephoneEvent(),
                    theirs.direction())));
  }

  private void decline(int status, HangupCause cause, Optional<String> contact)
      throws ParseException, SipException, InvalidArgumentException {
    if (state != State.PROCEEDING) {
      return;
    }
    Response response = phone.messages().response(status, invite.getRequest());
    if (contact.isPresent()) {
      response.addHeader(phone.messages().contact(contact.get()));
    }
    invite.sendResponse(response);
    answered.completeExceptionally(SipMessages.failure(response));
    over(cause);
  }

  /** The caller has taken the call back. */
  void cancelled(Request cancel, ServerTransaction transaction)
      throws ParseException, SipException, InvalidArgumentException {
    noteRequest(cancel.getMethod());
    transaction.sendResponse(phone.messages().response(Response.OK, cancel));
    decline(Response.REQUEST_TERMINATED, HangupCause.CANCELLED, Optional.empty());
  }

  @Override
  void end() throws ParseException, SipException, InvalidArgumentException {
    if (state == State.TALKING) {
      sendBye();
    } else {
      decline(Response.BUSY_HERE, HangupCause.REFUSED, Optional.empty());
    }
  }

  @Override
  void inviteResponse(Response response) {}

  @Override
  void timedOut(String method) {
    over(HangupCause.TIMED_OUT);
  }
}
