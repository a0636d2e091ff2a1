package org.rayo.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.rayo.media.DetectionRequest;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaParty;
import org.rayo.media.Signal;
import org.rayo.protocol.CallCommand.CpaCommand;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.CompleteReason.Name;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.CpaGrammar;
import org.rayo.protocol.CpaSignal;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.SignalType;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * Call progress analysis: tells each signal that it was asked for, until one comes that is to end
 * it.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0341.html#session">XEP-0341, session flow</a>
 */
final class CpaComponent extends Component {

  private final MediaParty media;
  private final CpaCommand command;
  private final Map<SignalType, CpaGrammar> grammars = new EnumMap<>(SignalType.class);

  /** What was heard before the client knew of the component. */
  private final List<Signal> early = new ArrayList<>();

  private final Optional<SpokenTurn> spoken;
  private Optional<MediaDetection> detection = Optional.empty();
  private boolean heard;

  CpaComponent(JID address, IQ startedBy, Place place, MediaParty media, CpaCommand command) {
    super(address, startedBy, place);
    this.media = media;
    this.command = command;
    command.grammars().forEach(grammar -> grammars.put(grammar.type(), grammar));
    this.spoken = Optional.ofNullable(grammars.get(SignalType.SPEECH)).map(SpokenTurn::new);
  }

  @Override
  CompletionStage<Runnable> begin() {
    Set<Signal.Kind> kinds = EnumSet.noneOf(Signal.Kind.class);
    grammars.keySet().forEach(type -> kinds.addAll(type.kinds()));
    return media
        .detect(new DetectionRequest(id(), kinds))
        .thenApply(begun -> () -> detection = Optional.of(begun));
  }

  @Override
  void running() {
    OptionalLong initial = command.initialTimeoutMillis();
    if (initial.isPresent()) {
      place().startTimer(this, Timer.INITIAL, Duration.ofMillis(initial.getAsLong()));
    }
    early.forEach(this::hear);
    early.clear();
  }

  @Override
  void detected(Signal signal) {
    if (isRunning()) {
      hear(signal);
    } else {
      early.add(signal);
    }
  }

  private void hear(Signal signal) {
    if (!heard) {
      heard = true;
      place().stopTimers(this);
    }
    switch (signal.kind()) {
      case KEY -> tell(SignalType.DTMF, signal, signal.value().map(String::valueOf));
      case BEEP -> tell(SignalType.BEEP, signal, Optional.empty());
      case RING -> tell(SignalType.RING, signal, Optional.empty());
      case BUSY -> tell(SignalType.BUSY, signal, Optional.empty());
      case SPEECH -> {
        spoken
            .flatMap(turn -> turn.begins(signal))
            .ifPresent(time -> place().startTimer(this, Timer.SPEECH, time));
        tell(SignalType.VAD, signal, Optional.empty());
      }
      case SPEECH_END -> spoken.flatMap(turn -> turn.ends(signal)).ifPresent(this::tell);
    }
  }

  private void tell(SignalType type, Signal signal, Optional<String> value) {
    long millis = signal.duration().toMillis();
    tell(new CpaSignal(type, millis == 0 ? OptionalLong.empty() : OptionalLong.of(millis), value));
  }

  private void tell(CpaSignal signal) {
    CpaGrammar grammar = grammars.get(signal.type());
    if (grammar == null || !isRunning()) {
      return;
    }
    if (grammar.terminate()) {
      complete(CompleteReason.signal(signal));
    } else {
      place().tell(this, new RayoEvent.SignalDetected(signal));
    }
  }

  @Override
  void timeOut(Timer timer) {
    if (timer == Timer.INITIAL) {
      complete(CompleteReason.of(Name.NOINPUT));
    } else {
      spoken.flatMap(SpokenTurn::isLong).ifPresent(this::tell);
    }
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
