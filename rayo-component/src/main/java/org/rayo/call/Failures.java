package org.rayo.call;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.rayo.media.MediaException;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.StanzaErrors;
import org.rayo.recording.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where what failed in a call becomes what its client reads. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** A command that the media did not carry out, or a recording that could not begin. */
  static StanzaError toStanzaError(Throwable failure) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof MediaException media) {
      if (media.fault() == MediaException.Fault.FAILED
          || media.fault() == MediaException.Fault.CONFIGURATION) {
        LOG.warn("the media failed", media);
      } else {
        LOG.info("refused by the media ({}): {}", media.fault(), media.getMessage());
      }
      return StanzaErrors.of(media);
    }
    if (cause instanceof JournalException || cause instanceof TimeoutException) {
      LOG.warn("a recording could not be journalled: {}", String.valueOf(cause));
      LOG.debug("why it could not be journalled", cause);
      return StanzaError.resourceConstraint(
          "the recording could not be journalled: the spool is full, slow or not writable");
    }
    LOG.error("a command failed unexpectedly", cause);
    return StanzaError.internal("the command failed");
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
