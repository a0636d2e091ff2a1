package org.rayo.call;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.rayo.media.DetectionRequest;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaParty;
import org.rayo.media.OutputRequest;
import org.rayo.media.Signal;
import org.rayo.protocol.CallCommand.PromptCommand;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.CompleteReason.Name;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * A prompt: plays, and takes keys. With barge-in the first key ends what is played; without, keys
 * count from its end on. The time-outs run from the end of what is played.
 *
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-prompt">XEP-0327,
 *     prompt component</a>
 */
final class PromptComponent extends Component {

  private final MediaParty media;
  private final OutputRequest request;
  private final boolean bargeIn;
  private final KeyInput input;
  private final OutputControls controls;
  private Optional<MediaDetection> detection = Optional.empty();
  private boolean outputOver;

  PromptComponent(
      JID address,
      IQ startedBy,
      Place place,
      MediaParty media,
      OutputRequest request,
      PromptCommand command) {
    super(address, startedBy, place);
    this.media = media;
    this.request = request;
    this.bargeIn = command.bargeIn();
    this.input = new KeyInput(command.input(), this);
    this.controls = new OutputControls(request.startPaused());
  }

  @Override
  CompletionStage<Runnable> begin() {
    // Keys first: whoever knows the prompt may press one in its first moment.
    return media
        .detect(new DetectionRequest(id(), Set.of(Signal.Kind.KEY)))
        .thenCompose(
            keys ->
                media
                    .output(request)
                    .<Runnable>thenApply(
                        output ->
                            () -> {
                              detection = Optional.of(keys);
                              controls.playing(output);
                            })
                    .whenComplete(
                        (begun, failure) -> {
                          if (failure != null) {
                            keys.stop();
                          }
                        }));
  }

  @Override
  void running() {
    if (outputOver) {
      startTimers();
    }
  }

  @Override
  void outputEnded(MediaEvent.OutputEnded ended) {
    outputOver = true;
    if (ended.reason() == OutputEnd.ERROR || ended.reason() == OutputEnd.HANGUP) {
      complete(OutputComponent.reason(ended));
    } else if (isRunning()) {
      startTimers();
    }
  }

  private void startTimers() {
    place().tell(this, new RayoEvent.InputTimersStarted());
    input.startTimers();
  }

  @Override
  void detected(Signal signal) {
    if (!outputOver && !bargeIn) {
      return;
    }
    if (!outputOver) {
      controls.end();
    }
    signal.value().flatMap(input::key).ifPresent(this::complete);
  }

  @Override
  void timeOut(Timer timer) {
    complete(input.timeOut(timer));
  }

  @Override
  Optional<StanzaError> command(ComponentCommand command) {
    if (command instanceof ComponentCommand.Stop) {
      complete(CompleteReason.of(Name.STOP));
      return Optional.empty();
    }
    if (outputOver) {
      return Optional.of(StanzaError.unexpectedRequest("the prompt's output is over"));
    }
    return command.handle(controls);
  }

  @Override
  void callEnded() {
    complete(CompleteReason.of(Name.HANGUP));
  }

  @Override
  void completed() {
    detection.ifPresent(MediaDetection::stop);
    if (!outputOver) {
      controls.end();
    }
  }
}
