package org.rayo.media.sip;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sip.ServerTransaction;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;

/**
 * A state of a call. Each method is something that a command or the network may bring; what a state
 * does not override is refused (commands) or of no consequence (network). All run on the call's
 * queue.
 *
 * <pre>
 * Offered ------ answer -----> Answering -- ACK --> Established -- BYE --> Over
 *    |                            ^  |
 *    | record --> Progressing -- answer, hangup --> Leaving -- ACK, BYE --> Over
 *    |                |              |
 *    | reject, CANCEL, redirect,     | BYE, no ACK
 *    v time-out       v              v
 *   Over             Over           Over
 *
 * Calling ------ 2xx, ACK --> Established -- BYE --> Over
 *    |   |
 *    |   | hangup, time-out --> Cancelling -- 3xx to 6xx; 2xx, ACK, BYE --> Over
 *    v 3xx to 6xx
 *   Over
 * </pre>
 */
abstract sealed class CallState
    permits Unanswered, Answering, Calling, Cancelling, Established, Leaving, Over {

  final EmbeddedCall call;

  CallState(EmbeddedCall call) {
    this.call = call;
  }

  // Commands.

  void accept(List<Header> headers) throws MediaException {
    throw refused("accept");
  }

  /**
   * Answers.
   *
   * @param done to be completed when the caller has confirmed
   */
  void answer(List<Header> headers, CompletableFuture<Void> done) throws MediaException {
    throw refused("answer");
  }

  void reject(RejectReason reason, List<Header> headers) throws MediaException {
    throw refused("reject");
  }

  void redirect(URI to, List<Header> headers) throws MediaException {
    throw refused("redirect");
  }

  abstract void hangup(List<Header> headers) throws MediaException;

  /** The media of a call, for recording it; begins to send it early where that is possible. */
  CallMedia media() throws MediaException {
    throw refused("record");
  }

  /**
   * What the other side says of its audio, for another end that is to send there itself.
   *
   * @throws MediaException also when the audio is needed here
   */
  RemoteAudio endAudio() throws MediaException {
    throw refused("join with media direct");
  }

  /** An INVITE of ours is to be sent within the dialog, at its turn. */
  void reinvite(Reinvite request) {
    request.callOver();
  }

  /**
   * What became of it.
   *
   * @param status final; 408 when there was none
   */
  void reinvited(Reinvite request, int status, Optional<byte[]> body) {
    request.callOver();
  }

  /**
   * Sends text to the other side.
   *
   * @param done to be completed when it is on its way
   */
  void message(TextBody text, CompletableFuture<Void> done) throws MediaException {
    throw refused("message");
  }

  // What the network brings.

  /** A response to the INVITE of a call that we place; of 2xx, the first. */
  void responded(Response response) {}

  /**
   * Whom we call has refused for good: a redirection, for one, leads nowhere that may be called.
   */
  void declined(Response response) {}

  /** The call that we place finds nobody, or cannot be sent on its way. */
  void unreachable(EndReason reason, String why) {}

  /** A MESSAGE. */
  void messageReceived(ServerTransaction request) {
    call.dialog()
        .refuse(
            request, call.dialog().response(Response.NOT_ACCEPTABLE_HERE, request.getRequest()));
  }

  /** CANCEL; its 200 is sent already. */
  void cancelled(List<Header> headers, Optional<String> code) {}

  /** BYE; its 200 is sent already. */
  void bye(List<Header> headers, Optional<String> code) {}

  /** ACK of a 2xx, with its body. */
  void acknowledged(Optional<byte[]> body) {}

  /** The caller does not acknowledge. */
  void unacknowledged() {}

  /** The endpoint is about to close. */
  void closing() {}

  /** A further INVITE, or an UPDATE. */
  void renegotiate(ServerTransaction request) {
    Response response =
        call.dialog().response(Response.SERVER_INTERNAL_ERROR, request.getRequest());
    call.messages().retryAfter(response, 2);
    call.dialog().refuse(request, response);
  }

  /** The time to ring is over. */
  void ringTimeout() {}

  /** No RTP since then. */
  void rtpSilent(Duration since) {}

  /** RTP again. */
  void rtpBack() {
    call.rtpIsBack();
  }

  /** An SPI command that this state does not allow. */
  MediaException refused(String command) {
    return new MediaException(
        MediaException.Fault.WRONG_STATE, command + ": the call is " + name());
  }

  /** For messages and logs. */
  abstract String name();
}
