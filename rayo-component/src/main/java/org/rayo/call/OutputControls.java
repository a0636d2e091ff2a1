package org.rayo.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.rayo.media.MediaOutput;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.ComponentCommand.OutputControl;
import org.rayo.protocol.ComponentCommand.OutputStep;
import org.rayo.protocol.ComponentCommand.PauseRecord;
import org.rayo.protocol.ComponentCommand.ResumeRecord;
import org.rayo.protocol.ComponentCommand.Seek;
import org.rayo.protocol.ComponentCommand.Stop;
import org.rayo.protocol.StanzaError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands to an output while it plays; each says why it is refused, if it is. */
final class OutputControls implements ComponentCommand.Handler<Optional<StanzaError>> {

  private static final Logger LOG = LoggerFactory.getLogger(OutputControls.class);

  private Optional<MediaOutput> output = Optional.empty();
  private boolean paused;
  private boolean stopping;

  OutputControls(boolean startPaused) {
    paused = startPaused;
  }

  /** It plays; what has been ended before it did is stopped at once. */
  void playing(MediaOutput begun) {
    output = Optional.of(begun);
    if (stopping) {
      watch(begun.stop());
    }
  }

  /** Ends it, now or as soon as it plays. Repeating it is harmless. */
  void end() {
    if (!stopping) {
      stopping = true;
      output.ifPresent(playing -> watch(playing.stop()));
    }
  }

  @Override
  public Optional<StanzaError> stop(Stop stop) {
    if (stopping) {
      return Optional.of(
          StanzaError.unexpectedRequest("the output has been stopped and is about to end"));
    }
    end();
    return Optional.empty();
  }

  @Override
  public Optional<StanzaError> pauseRecord(PauseRecord pause) {
    return notOfOutputs();
  }

  @Override
  public Optional<StanzaError> resumeRecord(ResumeRecord resume) {
    return notOfOutputs();
  }

  private static Optional<StanzaError> notOfOutputs() {
    return Optional.of(
        StanzaError.notImplemented("this command is for a recording; this component is an output"));
  }

  @Override
  public Optional<StanzaError> output(OutputControl control) {
    if (stopping || output.isEmpty()) {
      return Optional.of(StanzaError.unexpectedRequest("the output does not play any more"));
    }
    MediaOutput playing = output.get();
    if (control instanceof Seek seek) {
      watch(playing.seek(Duration.ofMillis(seek.millis())));
      return Optional.empty();
    }
    return switch ((OutputStep) control) {
      case PAUSE -> {
        if (paused) {
          yield Optional.of(StanzaError.unexpectedRequest("the output is paused already"));
        }
        paused = true;
        yield watch(playing.pause());
      }
      case RESUME -> {
        if (!paused) {
          yield Optional.of(StanzaError.unexpectedRequest("the output is not paused"));
        }
        paused = false;
        yield watch(playing.resume());
      }
      case SPEED_UP -> watch(playing.speedUp());
      case SPEED_DOWN -> watch(playing.speedDown());
      case VOLUME_UP -> watch(playing.volumeUp());
      case VOLUME_DOWN -> watch(playing.volumeDown());
    };
  }

  private static Optional<StanzaError> watch(CompletionStage<Void> work) {
    work.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.warn("an output could not be commanded", failure);
          }
        });
    return Optional.empty();
  }
}
