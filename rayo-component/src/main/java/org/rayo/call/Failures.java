package org.rayo.call;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.protocol.CommandRefusedException;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.StanzaErrors;
import org.rayo.recording.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where what failed in a call becomes what its client reads. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** A recording that could not begin: the client reads which limit it ran into. */
  static StanzaError ofRecording(Throwable failure, AudioFormat format) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof MediaException media
        && media.fault() == MediaException.Fault.CONFIGURATION) {
      LOG.error("{} cannot be recorded", format.token(), media);
      return StanzaError.resourceConstraint(
          "no encoder: this server is configured for a library that makes "
              + format.token()
              + ", which is not there; other formats can be recorded");
    }
    if (cause instanceof JournalException journal) {
      LOG.warn("a recording could not be journalled: {}", String.valueOf(journal.getMessage()));
      LOG.debug("why it could not be journalled", journal);
      return StanzaError.resourceConstraint(
          journal.fault() == JournalException.Fault.FULL
              ? String.valueOf(journal.getMessage())
              : "the spool cannot be written: its disk is full or refuses");
    }
    if (cause instanceof TimeoutException) {
      LOG.warn("a recording could not be journalled: the disk does not answer");
      return StanzaError.resourceConstraint(
          "the spool's disk is too slow: it has not answered for 2 s");
    }
    return toStanzaError(cause);
  }

  /** Whether the media does not do what was asked, and said so before it did anything; logged. */
  static boolean isUnsupported(Throwable failure) {
    if (unwrapped(failure) instanceof MediaException media
        && media.fault() == MediaException.Fault.UNSUPPORTED) {
      LOG.info("refused by the media: {}", media.getMessage());
      return true;
    }
    return false;
  }

  /** A call that could not be placed. */
  static StanzaError ofDialling(Throwable failure) {
    return ofWhole(failure);
  }

  /** A message that could not be sent on. */
  static StanzaError ofMessage(Throwable failure) {
    return ofWhole(failure);
  }

  /** What the media does not have is the whole of it, not an option. */
  private static StanzaError ofWhole(Throwable failure) {
    return unwrapped(failure) instanceof MediaException media
            && media.fault() == MediaException.Fault.UNSUPPORTED
        ? StanzaError.notImplemented(String.valueOf(media.getMessage()))
        : toStanzaError(failure);
  }

  /** A join that was not made. */
  static StanzaError ofJoining(Throwable failure) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof CommandRefusedException refused) {
      return refused.error();
    }
    if (cause instanceof MediaException media) {
      String text = String.valueOf(media.getMessage());
      if (media.fault() == MediaException.Fault.GONE) {
        return StanzaError.serviceUnavailable(text);
      }
      if (media.fault() == MediaException.Fault.UNSUPPORTED) {
        return StanzaError.optionNotImplemented(text);
      }
    }
    return toStanzaError(cause);
  }

  /** A command that was not carried out. */
  static StanzaError toStanzaError(Throwable failure) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof MediaException media) {
      if (media.fault() == MediaException.Fault.FAILED
          || media.fault() == MediaException.Fault.CONFIGURATION) {
        LOG.warn("the media failed: {}", media.getMessage());
        LOG.debug("where the media failed", media);
      } else {
        LOG.info("refused by the media ({}): {}", media.fault(), media.getMessage());
      }
      return StanzaErrors.of(media);
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
