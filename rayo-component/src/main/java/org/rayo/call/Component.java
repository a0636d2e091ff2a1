package org.rayo.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.rayo.media.MediaEvent;
import org.rayo.media.Signal;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * An output, input or prompt of one call, from its start to its one {@code <complete/>}. Lives on
 * its call's actor and is as single-threaded. Recordings are {@link RecordComponent}s.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-component-execution">XEP-0327,
 *     component execution</a>
 */
abstract class Component {

  /** What a component asks of its call. */
  interface Place {
    /** It is over: its client is told, and the call forgets it. */
    void complete(Component component, CompleteReason reason);

    /** Tells its client something before that. */
    void tell(Component component, RayoEvent event);

    /** {@link #timeOut} is to come after this time, and none of that kind that was asked before. */
    void startTimer(Component component, Timer timer, Duration time);

    /** None of its timers is to come. */
    void stopTimers(Component component);
  }

  /** What a component waits for. */
  enum Timer {
    /** The first key. */
    INITIAL,
    /** The next key. */
    INTER_DIGIT,
    /** The whole input. */
    RECOGNITION,
    /** The end of what somebody says. */
    SPEECH
  }

  private enum Life {
    /** Its client does not know of it yet. */
    STARTING,
    RUNNING,
    COMPLETE
  }

  private final JID address;
  private final IQ startedBy;
  private final Place place;
  private JID owner;
  private Life life = Life.STARTING;
  private Optional<CompleteReason> early = Optional.empty();

  Component(JID address, IQ startedBy, Place place) {
    this.address = address;
    this.startedBy = startedBy;
    this.owner = startedBy.getFrom();
    this.place = place;
  }

  final JID address() {
    return address;
  }

  final String id() {
    return address.getResource();
  }

  final IQ startedBy() {
    return startedBy;
  }

  final JID owner() {
    return owner;
  }

  /** Another has taken the place of this one: what was its is the other's. */
  final void succeed(JID before, JID now) {
    owner = owner.equals(before) ? now : owner;
  }

  final Place place() {
    return place;
  }

  final boolean isRunning() {
    return life == Life.RUNNING;
  }

  /** The client has been told its address: from now on it may say something. */
  final void begun() {
    life = Life.RUNNING;
    if (early.isPresent()) {
      complete(early.get());
    } else {
      running();
    }
  }

  /** The one exit. Before the client knows of it, it waits; a second reason comes too late. */
  final void complete(CompleteReason reason) {
    if (life == Life.STARTING) {
      early = early.or(() -> Optional.of(reason));
    } else if (life == Life.RUNNING) {
      life = Life.COMPLETE;
      place.stopTimers(this);
      place.complete(this, reason);
      completed();
    }
  }

  /**
   * Asks the media for what it needs.
   *
   * @return what is to be run on the actor once the media has it
   */
  abstract CompletionStage<Runnable> begin();

  /**
   * Carries out a command.
   *
   * @return why not
   */
  abstract Optional<StanzaError> command(ComponentCommand command);

  /** The call is over. */
  abstract void callEnded();

  void running() {}

  /** It has said its last: what it still holds of the media is let go. */
  void completed() {}

  void outputEnded(MediaEvent.OutputEnded ended) {}

  void detected(Signal signal) {}

  void timeOut(Timer timer) {}
}
