package org.rayo.media;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One call of a {@link MediaBackend}.
 *
 * <p>Thread safe; no method blocks. Every stage is completed on a thread of the backend's, and when
 * it fails, with a {@link MediaException}. What is asked in a state that does not allow it fails
 * with {@link MediaException.Fault#WRONG_STATE}, after the end with {@link
 * MediaException.Fault#GONE}.
 */
public interface MediaCall {

  /** What the signalling calls this call (SIP: the Call-ID); for logs. */
  String signallingId();

  /** Whom the caller called. */
  URI to();

  /** Who calls. */
  URI from();

  /** The headers of the caller's request that are worth telling, in their order. */
  List<Header> headers();

  /**
   * What another run of the server needs to end this call, should this one die with it: to be kept
   * where a crash leaves it, and given to {@link MediaBackend#endForgotten}. {@link
   * MediaEvent.DialogChanged} tells when it has become another one.
   *
   * @return one line of printable ASCII, of no meaning to others; empty before the call is
   *     answered, when it is over, and for a backend whose calls end with it
   */
  default Optional<String> dialogState() {
    return Optional.empty();
  }

  /**
   * Sets who hears of this call. Called once; events that came before are kept and delivered first.
   * Events come one at a time, in order.
   */
  void listen(Consumer<MediaEvent> listener);

  /** Tells the caller that it rings (SIP 180). Repeating it is harmless. */
  CompletionStage<Void> accept(List<Header> headers);

  /** Answers; completes when the media is agreed and the caller has confirmed (SIP 200, ACK). */
  CompletionStage<Void> answer(List<Header> headers);

  /** Refuses a call that is not answered. */
  CompletionStage<Void> reject(RejectReason reason, List<Header> headers);

  /**
   * Sends the caller elsewhere: before the answer as the answer to its request (SIP 302).
   *
   * @param to the new address, {@code sip:} or {@code tel:}
   */
  CompletionStage<Void> redirect(URI to, List<Header> headers);

  /**
   * Ends the call, whatever state it is in. Completes when the request is on its way. The call's
   * recordings end with {@link CapturedRecording.Cause#HANGUP}.
   */
  CompletionStage<Void> hangup(List<Header> headers);

  /**
   * Captures the call's audio into a file. Completes when everything that capture needs is in
   * place; the recording then runs, until it is stopped or a limit or the call's end stops it.
   * However it ends, one {@link MediaEvent.RecordingEnded} tells of it.
   *
   * <p>On a call that is not answered it tries early media (SIP 183 with our description, once) and
   * does not answer it: it can still be accepted, answered, rejected or redirected, and the
   * recording goes on across the answer. What a caller says before the answer is in the file if the
   * caller sends it; many do not.
   *
   * @return fails with {@link MediaException.Fault#WRONG_STATE} when the call is not answered and
   *     its caller has offered no media, {@link MediaException.Fault#NO_RESOURCES}, or {@link
   *     MediaException.Fault#UNSUPPORTED}; then the target file does not exist and no event follows
   */
  CompletionStage<MediaRecording> record(RecordingRequest request, RecordingTarget target);

  /** Why a call that is not answered is refused. */
  enum RejectReason {
    /** SIP 603. */
    DECLINE,
    /** SIP 486. */
    BUSY,
    /** SIP 500. */
    ERROR,
    /** Nobody is there to take it: SIP 480. */
    UNAVAILABLE
  }
}
