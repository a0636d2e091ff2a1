package org.rayo.call;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaParty;
import org.rayo.media.OutputRequest;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/** An output: plays, until all of it was played or it is stopped. */
final class OutputComponent extends Component {

  private final MediaParty media;
  private final OutputRequest request;
  private final OutputControls controls;

  OutputComponent(JID address, IQ startedBy, Place place, MediaParty media, OutputRequest request) {
    super(address, startedBy, place);
    this.media = media;
    this.request = request;
    this.controls = new OutputControls(request.startPaused());
  }

  @Override
  CompletionStage<Runnable> begin() {
    return media.output(request).thenApply(output -> () -> controls.playing(output));
  }

  @Override
  Optional<StanzaError> command(ComponentCommand command) {
    return command.handle(controls);
  }

  @Override
  void outputEnded(MediaEvent.OutputEnded ended) {
    complete(reason(ended));
  }

  /** Its media tells the end of it. */
  @Override
  void callEnded() {}

  static CompleteReason reason(MediaEvent.OutputEnded ended) {
    return switch (ended.reason()) {
      case FINISH -> CompleteReason.of(CompleteReason.Name.FINISH);
      case MAX_TIME -> CompleteReason.of(CompleteReason.Name.MAX_TIME);
      case STOP -> CompleteReason.of(CompleteReason.Name.STOP);
      case HANGUP -> CompleteReason.of(CompleteReason.Name.HANGUP);
      case ERROR -> CompleteReason.error(ended.failure().orElse("the output failed"));
    };
  }
}
