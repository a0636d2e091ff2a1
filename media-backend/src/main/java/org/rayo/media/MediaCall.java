package org.rayo.media;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One call of a {@link MediaBackend}, rung in or placed by {@link MediaBackend#dial}. One that was
 * placed can be neither accepted nor answered, rejected or redirected by us.
 */
public interface MediaCall extends MediaParty {

  /** What the signalling calls this call (SIP: the Call-ID); for logs. */
  String signallingId();

  /** Whether we placed it; else it rang in. */
  default boolean isOutbound() {
    return false;
  }

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
   * Lets this call and another one hear each other, by direction, or changes how they do. A call
   * may be joined to several others at once; it then hears their sum. Completes when it is so; a
   * join that would have to break another fails with {@link MediaException.Fault#CONFLICT}, a
   * combination of direction and media that cannot be had with {@link
   * MediaException.Fault#UNSUPPORTED}.
   *
   * @param other of the same backend
   */
  default CompletionStage<Void> join(MediaCall other, JoinRequest request) {
    return CompletableFuture.failedStage(cannotJoin());
  }

  /** The same with a mixer. */
  default CompletionStage<Void> join(MediaMixer mixer, JoinRequest request) {
    return CompletableFuture.failedStage(cannotJoin());
  }

  /** They do not hear each other any more. Harmless when they do not. */
  default CompletionStage<Void> unjoin(MediaCall other) {
    return CompletableFuture.failedStage(cannotJoin());
  }

  /** The same with a mixer. */
  default CompletionStage<Void> unjoin(MediaMixer mixer) {
    return CompletableFuture.failedStage(cannotJoin());
  }

  /**
   * Sends text to the other side of an answered call (SIP MESSAGE within the dialog). Completes
   * when it is on its way.
   *
   * @param contentType of {@code text/…}
   */
  default CompletionStage<Void> message(String contentType, String text) {
    return CompletableFuture.failedStage(
        new MediaException(
            MediaException.Fault.UNSUPPORTED, "this media backend carries no messages"));
  }

  private static MediaException cannotJoin() {
    return new MediaException(
        MediaException.Fault.UNSUPPORTED, "this media backend does not join calls");
  }

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
