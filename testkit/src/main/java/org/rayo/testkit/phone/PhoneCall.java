package org.rayo.testkit.phone;

import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.header.CSeqHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.phone.SessionDescription.Direction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of a {@link SoftPhone}.
 *
 * <p>Its methods may be called by any thread and return at once. Stages complete on the phone's
 * signalling thread: what depends on them must not block.
 */
public abstract sealed class PhoneCall permits OutgoingCall, IncomingCall {

  private static final Logger LOG = LoggerFactory.getLogger(PhoneCall.class);

  /** For how long a key is held, in frames of 20 ms. */
  private static final int KEY_FRAMES = 5;

  /** How far a call is. */
  enum State {
    /** Nothing has come back yet. */
    CALLING,
    /** A provisional response has come or gone. */
    PROCEEDING,
    /** To be over as soon as SIP allows, but not answered yet. */
    CANCELLING,
    TALKING,
    /** BYE is under way. */
    ENDING,
    OVER
  }

  final SoftPhone phone;
  final RtpStream rtp;
  final CompletableFuture<Integer> ringing = new CompletableFuture<>();
  final CompletableFuture<Void> answered = new CompletableFuture<>();
  final CompletableFuture<HangupCause> ended = new CompletableFuture<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Integer> statuses = new CopyOnWriteArrayList<>();

  // Below: only on the signalling thread.
  State state = State.CALLING;
  Optional<Dialog> dialog = Optional.empty();
  Codec codec = Codec.PCMU;
  private long sessionVersion = 1;
  private Direction ours = Direction.SENDRECV;
  private boolean events;
  private Optional<CompletableFuture<Void>> changing = Optional.empty();

  PhoneCall(SoftPhone phone, Impairment impairment) throws IOException {
    this.phone = phone;
    rtp = new RtpStream(phone.rtpLoop(), phone.address().getAddress(), impairment);
  }

  /**
   * Completes with the first status above 100: 180 or 183, or the final status when neither came
   * before it.
   */
  public CompletionStage<Integer> ringing() {
    return ringing;
  }

  /** Completes with the answer, or exceptionally with {@link CallFailed}. */
  public CompletionStage<Void> answered() {
    return answered;
  }

  /** Completes when the call is over, whatever ended it. */
  public CompletionStage<HangupCause> ended() {
    return ended;
  }

  /**
   * Says {@code source} from the next packet on, instead of what is being said. Before the answer
   * it waits for the answer.
   *
   * @return completes when all of it was sent; is cancelled when something else is said instead or
   *     the call ends
   */
  public CompletionStage<Void> send(AudioSource source) {
    return rtp.say(source);
  }

  /** Sends what {@code source} says from the next packet on, for the rest of the call. */
  public void say(CallMouth source) {
    rtp.say(source);
  }

  /** Tells {@code ear} of what comes from now on, instead of whom it told before. */
  public void listen(CallEar ear) {
    rtp.listen(ear);
  }

  /** Completes when the audio of the options was sent whole; at once if there was none. */
  public abstract CompletionStage<Void> played();

  /** Ends the call: by CANCEL or 487 before the answer, by BYE after it. */
  public void hangup() {
    phone.signal(this::end);
  }

  /** Offers sendonly. Audio is still sent, as music on hold would be. */
  public CompletionStage<Void> hold() {
    return change(Direction.SENDONLY, Optional.empty());
  }

  /** Offers inactive: nothing is sent, and what is said meanwhile is lost. */
  public CompletionStage<Void> holdInactive() {
    return change(Direction.INACTIVE, Optional.empty());
  }

  /** Offers sendrecv. */
  public CompletionStage<Void> unhold() {
    return change(Direction.SENDRECV, Optional.empty());
  }

  /** Offers only this codec, and uses it once that is accepted. */
  public CompletionStage<Void> changeCodec(Codec newCodec) {
    return change(Direction.SENDRECV, Optional.of(newCodec));
  }

  /** Offers another RTP port, and sends from it once that is accepted; the stream goes on. */
  public CompletionStage<Void> moveRtp() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    phone.signal(
        () -> {
          try {
            rtp.move();
          } catch (IOException e) {
            done.completeExceptionally(e);
            return;
          }
          change(Direction.SENDRECV, Optional.empty(), done);
        });
    return done;
  }

  /**
   * Holds a key for 100 ms, as telephone-event packets in place of audio.
   *
   * @param digit of {@code 0-9 * # A-D}
   * @return completes when it was released; fails with {@link CallFailed} when the call is not up
   *     or telephone-event is not agreed
   */
  public CompletionStage<Void> press(char digit) {
    KeyPress key = new KeyPress(digit, KEY_FRAMES);
    phone.signal(
        () -> {
          if (state == State.TALKING && events) {
            rtp.press(key);
          } else {
            key.released()
                .completeExceptionally(
                    new CallFailed(488, "no telephone-event while " + state, Optional.empty()));
          }
        });
    return key.released();
  }

  /** Sends no RTP any more, while the call stays up: a phone that has died. */
  public void stopRtp() {
    rtp.stop();
  }

  /** What was received so far, at 8000 Hz, from the first packet on. */
  public short[] heard() {
    return rtp.heard();
  }

  /** What the RTP of the call amounts to. */
  public RtpCounters rtp() {
    return rtp.counters();
  }

  public long packetsSent() {
    return rtp.counters().sent();
  }

  public long packetsReceived() {
    return rtp.counters().received();
  }

  /** The methods of all requests that came within the call, in order, ACK and CANCEL included. */
  public List<String> requestsReceived() {
    return List.copyOf(requests);
  }

  /** The statuses of all responses that came, in order. */
  public List<Integer> statusesReceived() {
    return List.copyOf(statuses);
  }

  abstract void end() throws SipException, InvalidArgumentException, ParseException;

  /** An initial INVITE was answered, or something went wrong with it. */
  abstract void inviteResponse(Response response)
      throws SipException, InvalidArgumentException, ParseException;

  abstract void timedOut(String method);

  final void received(Response response, Optional<Dialog> itsDialog)
      throws SipException, InvalidArgumentException, ParseException {
    statuses.add(response.getStatusCode());
    CSeqHeader cseq = (CSeqHeader) response.getHeader(CSeqHeader.NAME);
    if (dialog.isEmpty()) {
      dialog = itsDialog;
    }
    boolean fin = response.getStatusCode() >= 200;
    if (cseq.getMethod().equals(Request.BYE) && fin) {
      over(HangupCause.LOCAL_BYE);
    } else if (cseq.getMethod().equals(Request.INVITE) && changing.isPresent()) {
      if (fin) {
        changed(response, cseq.getSeqNumber());
      }
    } else if (cseq.getMethod().equals(Request.INVITE)) {
      inviteResponse(response);
    }
  }

  final void received(Request request, ServerTransaction transaction)
      throws SipException, InvalidArgumentException, ParseException {
    requests.add(request.getMethod());
    switch (request.getMethod()) {
      case Request.BYE -> {
        transaction.sendResponse(phone.messages().response(Response.OK, request));
        over(HangupCause.REMOTE_BYE);
      }
      case Request.INVITE -> reinvited(request, transaction);
      case Request.OPTIONS, Request.INFO, Request.UPDATE, Request.MESSAGE ->
          transaction.sendResponse(phone.messages().response(Response.OK, request));
      default ->
          transaction.sendResponse(phone.messages().response(Response.METHOD_NOT_ALLOWED, request));
    }
  }

  /** An ACK came; it may carry the answer to an offer of ours. */
  final void acknowledged(Request ack) {
    requests.add(ack.getMethod());
    SipMessages.session(ack).ifPresent(this::talkTo);
  }

  final void noteRequest(String method) {
    requests.add(method);
  }

  private void reinvited(Request request, ServerTransaction transaction)
      throws SipException, InvalidArgumentException, ParseException {
    Optional<SessionDescription> offer = SipMessages.session(request);
    ours = offer.map(theirs -> theirs.direction().answer()).orElse(Direction.SENDRECV);
    offer.ifPresent(this::talkTo);
    transaction.sendResponse(
        phone.messages().ok(request, Optional.of(describe(List.of(codec), ours, events))));
  }

  /** Sends audio to where {@code session} asks for it, with the first codec both know. */
  final void talkTo(SessionDescription session) {
    for (Codec known : Codec.values()) {
      if (session.payloadTypes().get(0) == known.payloadType()) {
        codec = known;
      }
    }
    events = session.telephoneEvent();
    rtp.direct(session.rtp(), codec, session.direction().receives() && ours.sends());
  }

  final SessionDescription describe(List<Codec> codecs, Direction direction, boolean withEvents) {
    try {
      return new SessionDescription(
          sessionVersion++,
          rtp.localAddress(),
          codecs.stream().map(Codec::payloadType).toList(),
          withEvents,
          direction);
    } catch (IOException e) {
      throw new IllegalStateException("the RTP socket is closed", e);
    }
  }

  private CompletionStage<Void> change(Direction direction, Optional<Codec> newCodec) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    phone.signal(() -> change(direction, newCodec, done));
    return done;
  }

  private void change(Direction direction, Optional<Codec> newCodec, CompletableFuture<Void> done)
      throws SipException, ParseException {
    if (state != State.TALKING || changing.isPresent() || dialog.isEmpty()) {
      done.completeExceptionally(
          new CallFailed(491, "not while " + state + " or changing", Optional.empty()));
      return;
    }
    ours = direction;
    changing = Optional.of(done);
    Request invite = dialog.get().createRequest(Request.INVITE);
    phone.messages().describe(invite, describe(List.of(newCodec.orElse(codec)), direction, events));
    phone.send(this, dialog.get(), invite);
  }

  private void changed(Response response, long cseq) throws SipException, InvalidArgumentException {
    CompletableFuture<Void> done = changing.orElseThrow();
    changing = Optional.empty();
    if (response.getStatusCode() >= 300) {
      ours = Direction.SENDRECV;
      done.completeExceptionally(SipMessages.failure(response));
      return;
    }
    acknowledge(cseq);
    SipMessages.session(response).ifPresent(this::talkTo);
    done.complete(null);
  }

  final void acknowledge(long cseq) throws SipException, InvalidArgumentException {
    Dialog acked = dialog.orElseThrow();
    acked.sendAck(acked.createAck(cseq));
  }

  /** Acknowledges with the answer to the offer that the response made. */
  final void acknowledge(long cseq, SessionDescription answer)
      throws SipException, InvalidArgumentException, ParseException {
    Dialog acked = dialog.orElseThrow();
    Request ack = acked.createAck(cseq);
    phone.messages().describe(ack, answer);
    acked.sendAck(ack);
  }

  final void sendBye() throws SipException {
    state = State.ENDING;
    Dialog ending = dialog.orElseThrow();
    phone.send(this, ending, ending.createRequest(Request.BYE));
  }

  final void hangUpIn(Optional<Duration> time) {
    time.ifPresent(delay -> phone.signalIn(delay, this::end));
  }

  final void over(HangupCause cause) {
    if (state == State.OVER) {
      return;
    }
    LOG.debug("call over: {}", cause);
    state = State.OVER;
    rtp.close();
    phone.forget(this);
    CallFailed neverAnswered = new CallFailed(487, "the call ended: " + cause, Optional.empty());
    changing.ifPresent(done -> done.completeExceptionally(neverAnswered));
    answered.completeExceptionally(neverAnswered);
    ringing.completeExceptionally(neverAnswered);
    ended.complete(cause);
  }

  /** Keeps the compiler's promise that a transaction of ours always leads back to its call. */
  final void owns(ClientTransaction transaction) {
    transaction.setApplicationData(this);
  }
}
