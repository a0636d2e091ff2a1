package org.rayo.media;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What components run on: a call or a mixer.
 *
 * <p>Thread safe; no method blocks. Every stage is completed on a thread of the backend's, and when
 * it fails, with a {@link MediaException}: {@link MediaException.Fault#WRONG_STATE} when the state
 * does not allow it, {@link MediaException.Fault#GONE} after the end.
 */
public interface MediaParty {

  /**
   * Sets who hears of this party. Called once; events that came before are kept and delivered
   * first. Events come one at a time, in order.
   */
  void listen(Consumer<MediaEvent> listener);

  /**
   * Captures audio into a file: of a call, by direction; of a mixer, what all its participants say.
   * Completes when everything that capture needs is in place; the recording then runs, until it is
   * stopped or a limit or the party's end stops it. However it ends, one {@link
   * MediaEvent.RecordingEnded} tells of it.
   *
   * <p>On a call that is not answered it tries early media (SIP 183 with our description, once) and
   * does not answer it: it can still be accepted, answered, rejected or redirected, and the
   * recording goes on across the answer. What a caller says before the answer is in the file if the
   * caller sends it; many do not.
   *
   * @return fails with {@link MediaException.Fault#WRONG_STATE} when there is no media yet, {@link
   *     MediaException.Fault#NO_RESOURCES}, or {@link MediaException.Fault#UNSUPPORTED}; then the
   *     target file does not exist and no event follows
   */
  CompletionStage<MediaRecording> record(RecordingRequest request, RecordingTarget target);

  /**
   * Plays: to the caller, whatever else is heard (on a joined call nobody else hears it); on a
   * mixer, to all participants. Completes when the first of it can be played: what does not exist,
   * may not be read, or cannot be decoded is refused here. However it ends, one {@link
   * MediaEvent.OutputEnded} tells of it. Early media as with {@link #record}.
   *
   * @return fails with {@link MediaException.Fault#UNSUPPORTED} for what this backend cannot play,
   *     {@link MediaException.Fault#REFUSED} for what may not be read or is not as it should be;
   *     then no event follows
   */
  default CompletionStage<MediaOutput> output(OutputRequest request) {
    return CompletableFuture.failedStage(unsupported("output"));
  }

  /**
   * Listens for signals, of the caller or of any participant, until it is stopped or the party
   * ends. Each is told by a {@link MediaEvent.Detected} with this request's id. Early media as with
   * {@link #record}.
   *
   * @return fails with {@link MediaException.Fault#UNSUPPORTED} for a kind that this backend cannot
   *     tell reliably
   */
  default CompletionStage<MediaDetection> detect(DetectionRequest request) {
    return CompletableFuture.failedStage(unsupported("detection"));
  }

  private static MediaException unsupported(String what) {
    return new MediaException(
        MediaException.Fault.UNSUPPORTED, "this media backend does not do " + what);
  }
}
