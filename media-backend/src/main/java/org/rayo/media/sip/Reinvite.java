package org.rayo.media.sip;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sip.ClientTransaction;
import javax.sip.ResponseEvent;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.call.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A further INVITE of ours in an answered call, which sends the other side's audio to another end
 * or back here. It waits for its turn when the other side is changing the session itself, answers a
 * challenge, and is taken back when nobody decides. Used on the call's queue.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261#section-14.1">RFC 3261, section 14.1</a>
 */
final class Reinvite implements SentRequest {

  private static final Logger log = LoggerFactory.getLogger(Reinvite.class);

  /** Of an INVITE that meets one of the other side's. */
  private static final int TRIES = 8;

  private final EmbeddedCall call;
  private final Optional<RemoteAudio> other;
  private final BooleanSupplier wanted;
  private final Consumer<Outcome> told;
  private final Duration patience;
  private final Deadline deadline;
  private final ChallengeAnswers challenges = new ChallengeAnswers();
  private Optional<ClientTransaction> proceeding = Optional.empty();
  private int tries;
  private boolean takenBack;
  private boolean over;

  /**
   * What came of it.
   *
   * @param past whether the end's audio goes past us now, that is, not to us
   * @param says what the end says of itself, when it took an offer of another end
   * @param failure why it is not as it was asked for
   */
  record Outcome(boolean past, Optional<RemoteAudio> says, Optional<MediaException> failure) {}

  /**
   * One to be sent.
   *
   * @param other whom the end's audio is to go to; empty for us
   * @param wanted asked before it is sent, and sent again
   * @param told hears once what came of it, on the call's queue
   */
  Reinvite(
      EmbeddedCall call,
      CallEnvironment environment,
      Optional<RemoteAudio> other,
      BooleanSupplier wanted,
      Consumer<Outcome> told) {
    this.call = call;
    this.other = other;
    this.wanted = wanted;
    this.told = told;
    this.patience = environment.ackTimeout();
    this.deadline = new Deadline(environment.timers());
  }

  /** From any thread. */
  void start() {
    call.network(now -> now.reinvite(this));
  }

  // For the states.

  /** It is its turn; the state remembers it until it is told of the end. */
  void send(CallMedia media) {
    takenBack = false;
    try {
      byte[] sdp = other.isPresent() ? media.offerOf(other.get()) : media.offerHere();
      send(sdp, Optional.empty());
    } catch (NotAcceptableException e) {
      notSent(e.problem());
    }
  }

  boolean isWanted() {
    return wanted.getAsBoolean();
  }

  /**
   * The other side is changing the session itself: once more, after a time that is another for each
   * side.
   */
  void glare(boolean past) {
    if (++tries >= TRIES) {
      finish(past, Optional.empty(), Fault.WRONG_STATE, "it keeps changing its media itself");
      return;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int tens = call.isOutbound() ? random.nextInt(210, 401) : random.nextInt(0, 201);
    deadline.set(Duration.ofMillis(10L * tens), this::start);
  }

  /** It was taken: what the answer makes of the session is the session. */
  void taken(CallMedia media, Optional<byte[]> body) {
    try {
      Sdp answer = Sdp.parse(body.orElseThrow(() -> new SdpException(0, "there is none")));
      if (other.isEmpty()) {
        media.agree(answer);
        finish(new Outcome(false, Optional.empty(), Optional.empty()));
        return;
      }
      RemoteAudio says = AudioNegotiation.remoteAudio(answer);
      media.agreePast(other.get(), says);
      finish(new Outcome(true, Optional.of(says), Optional.empty()));
    } catch (SdpException | NotAcceptableException e) {
      other.ifPresent(o -> media.end().ifPresent(end -> media.agreePast(o, end)));
      finish(
          media.isPast(),
          Optional.empty(),
          Fault.UNSUPPORTED,
          "its answer cannot be used: " + e.getMessage());
    }
  }

  /** It was not taken: the session is as it was. */
  void refused(boolean past, int status) {
    boolean itsFault = status >= 500 && status < 600;
    finish(
        past,
        Optional.empty(),
        itsFault ? Fault.FAILED : Fault.UNSUPPORTED,
        "it refuses a change of its media with SIP " + status);
  }

  void notWanted(boolean past) {
    finish(past, Optional.empty(), Fault.CONFLICT, "it is not wanted any more");
  }

  void callOver() {
    finish(false, Optional.empty(), Fault.GONE, "the call is over");
  }

  // What the network brings.

  @Override
  public void responded(ResponseEvent event) {
    Response response = event.getResponse();
    ClientTransaction transaction = event.getClientTransaction();
    if (response.getStatusCode() / 100 == 2) {
      // Whatever has become of the call: it would be repeated else.
      call.send(() -> call.dialog().acknowledge(response), failure -> {});
    }
    call.network(now -> received(now, response, transaction));
  }

  @Override
  public void unanswered() {
    call.network(now -> ended(now, Response.REQUEST_TIMEOUT, Optional.empty()));
  }

  private void received(CallState now, Response response, ClientTransaction transaction) {
    if (over) {
      return;
    }
    if (response.getStatusCode() < 200) {
      proceeding = Optional.of(transaction);
      return;
    }
    proceeding = Optional.empty();
    Optional<Header> credentials = credentials(response, transaction.getRequest());
    Optional<byte[]> sdp = SipMessages.bodyOf(transaction.getRequest());
    if (credentials.isPresent() && sdp.isPresent()) {
      send(sdp.get(), credentials);
    } else {
      ended(now, response.getStatusCode(), SipMessages.bodyOf(response));
    }
  }

  private void send(byte[] sdp, Optional<Header> credentials) {
    deadline.set(patience, () -> call.network(this::late));
    call.send(
        () -> call.dialog().invite(sdp, credentials, this),
        failure -> notSent(String.valueOf(failure.getMessage())));
  }

  /** Without any response the stack gives up by itself. */
  private void late(CallState now) {
    if (over || proceeding.isEmpty()) {
      return;
    }
    if (takenBack) {
      ended(now, Response.REQUEST_TIMEOUT, Optional.empty());
      return;
    }
    takenBack = true;
    ClientTransaction transaction = proceeding.get();
    deadline.set(patience, () -> call.network(this::late));
    call.send(() -> call.dialog().cancel(transaction), failure -> {});
  }

  private void notSent(String why) {
    log.info("{}: its media cannot be changed: {}", call, why);
    call.network(now -> ended(now, Response.SERVICE_UNAVAILABLE, Optional.empty()));
  }

  private void ended(CallState now, int status, Optional<byte[]> body) {
    if (!over) {
      deadline.clear();
      now.reinvited(this, status, body);
    }
  }

  private Optional<Header> credentials(Response response, Request invite) {
    return ChallengeAnswers.isChallenge(response) && call.dialog() instanceof OutboundDialog dialog
        ? dialog
            .target()
            .flatMap(
                target ->
                    challenges.answer(
                        call, target, response, Request.INVITE, invite.getRequestURI().toString()))
        : Optional.empty();
  }

  private void finish(boolean past, Optional<RemoteAudio> says, Fault fault, String why) {
    finish(
        new Outcome(
            past, says, Optional.of(new MediaException(fault, "join: " + call + ": " + why))));
  }

  private void finish(Outcome outcome) {
    if (!over) {
      over = true;
      deadline.clear();
      told.accept(outcome);
    }
  }
}
