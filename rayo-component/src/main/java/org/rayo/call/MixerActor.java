package org.rayo.call;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaMixer;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.ComponentCommand;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** The actor of one mixer: brings its messages, one at a time, to a {@link Mixer}. */
final class MixerActor {

  private MixerActor() {}

  /** What a mixer is told. */
  interface Message {
    /** Hands itself to the mixer's method for it. */
    void bringTo(Mixer mixer);

    /** What marks the log lines that are written while this is handled. */
    default Map<String, String> mdc() {
      return Map.of();
    }
  }

  /** A call wants to be joined; its controlling party is to know of the mixer first. */
  record JoinAsked(JID controller, CompletableFuture<MediaMixer> answer) implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.introduce(controller);
      answer.complete(mixer.media());
    }
  }

  /** A call is joined. */
  record Entered(JID call, JID controller) implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.entered(call, controller);
    }
  }

  /** A call is not joined any more. */
  record Left(String call) implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.left(call);
    }
  }

  /** Another party controls a call that is joined. */
  record ControlTaken(JID call, JID now) implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.controlTaken(call, now);
    }
  }

  /** These know of one that had its address before, and not that it is gone. */
  record Inherited(Set<JID> known) implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.inherit(known);
    }
  }

  /** Nobody is in it any more. */
  record Abandoned() implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.abandoned();
    }
  }

  /** A command to the mixer. */
  record CommandReceived(IQ iq, CallCommand command) implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.command(iq, command);
    }
  }

  /** A command to one of the mixer's components. */
  record ComponentCommandReceived(IQ iq, String component, ComponentCommand command)
      implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.componentCommand(iq, component, command);
    }
  }

  /** A presence to the mixer. */
  record PresenceReceived(Presence presence) implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.presence(presence);
    }
  }

  /** News from the media. */
  record MediaHappened(MediaEvent event) implements Message {
    @Override
    public void bringTo(Mixer mixer) {
      mixer.media(event);
    }
  }

  static Behavior<Message> create(
      CallEnvironment environment,
      PartyKey key,
      MediaMixer media,
      Consumer<Switchboard.Message> switchboard) {
    Behavior<Message> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      Mixer mixer =
                          new Mixer(
                              environment,
                              key,
                              media,
                              new ActorMailbox<>(context, timers),
                              switchboard);
                      mixer.begin();
                      return Behaviors.receiveMessage(message -> receive(mixer, message));
                    }));
    return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
  }

  private static Behavior<Message> receive(Mixer mixer, Message message) {
    message.bringTo(mixer);
    return mixer.isClosed() ? Behaviors.stopped() : Behaviors.same();
  }
}
