package org.rayo.call;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.rayo.media.DetectionRequest;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaParty;
import org.rayo.media.Signal;
import org.rayo.protocol.CallCommand.InputCommand;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.CompleteReason.Name;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/** An input of keys. */
final class InputComponent extends Component {

  private final MediaParty media;
  private final KeyInput input;
  private Optional<MediaDetection> detection = Optional.empty();

  InputComponent(JID address, IQ startedBy, Place place, MediaParty media, InputCommand command) {
    super(address, startedBy, place);
    this.media = media;
    this.input = new KeyInput(command, this);
  }

  @Override
  CompletionStage<Runnable> begin() {
    return media
        .detect(new DetectionRequest(id(), Set.of(Signal.Kind.KEY)))
        .thenApply(begun -> () -> detection = Optional.of(begun));
  }

  @Override
  void running() {
    input.startTimers();
  }

  @Override
  void detected(Signal signal) {
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
    return Optional.of(StanzaError.notImplemented("an input understands no command but stop"));
  }

  @Override
  void callEnded() {
    complete(CompleteReason.of(Name.HANGUP));
  }

  @Override
  void completed() {
    detection.ifPresent(MediaDetection::stop);
  }
}
