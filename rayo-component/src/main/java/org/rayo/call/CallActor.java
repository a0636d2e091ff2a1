package org.rayo.call;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.JoinTarget;
import org.rayo.protocol.StanzaError;
import org.rayo.recording.CallNote;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * The actor of one call: brings its messages, one at a time, to a {@link Call}, and stops when that
 * has ended.
 */
public final class CallActor {

  private CallActor() {}

  /** What a call is told. */
  public interface Message {
    /** Hands itself to the call's method for it. */
    void bringTo(Call call);

    /** What marks the log lines that are written while this is handled. */
    default Map<String, String> mdc() {
      return Map.of();
    }
  }

  /** Begin: offer the call. */
  record Announce() implements Message {
    @Override
    public void bringTo(Call call) {
      call.announce();
    }
  }

  /**
   * Begin: a client has dialled the call.
   *
   * @param ref the answer to its dial, to be sent when the client controls the call
   */
  record Dialled(IQ ref, List<CallCommand.Join> joins) implements Message {
    @Override
    public void bringTo(Call call) {
      call.dialled(ref, joins);
    }
  }

  /** Whoever could take the call may be there again. */
  record OfferAgain() implements Message {
    @Override
    public void bringTo(Call call) {
      call.offer();
    }
  }

  /** A command to the call. */
  record CommandReceived(IQ iq, CallCommand command) implements Message {
    @Override
    public void bringTo(Call call) {
      call.command(this);
    }
  }

  /** A command to one of the call's components. */
  record ComponentCommandReceived(IQ iq, String component, ComponentCommand command)
      implements Message {
    @Override
    public void bringTo(Call call) {
      call.componentCommand(this);
    }
  }

  /** The server is stopping: hang up. */
  record Shutdown() implements Message {
    @Override
    public void bringTo(Call call) {
      call.shutdown();
    }
  }

  /** A party of the call is not there any more. */
  record ClientGone(JID client) implements Message {
    @Override
    public void bringTo(Call call) {
      call.clientGone(client);
    }
  }

  /** A party of the call is there again. */
  record ClientBack(JID client) implements Message {
    @Override
    public void bringTo(Call call) {
      call.clientBack(client);
    }
  }

  /** The controlling party has been away for as long as is allowed. */
  record GraceOver() implements Message {
    @Override
    public void bringTo(Call call) {
      call.graceOver();
    }
  }

  /** News from the media. */
  record MediaHappened(MediaEvent event) implements Message {
    @Override
    public void bringTo(Call call) {
      call.media(event);
    }
  }

  /** The media has carried out a command, or not. */
  record CommandDone(IQ iq, CallState next, Optional<Throwable> failure) implements Message {
    @Override
    public void bringTo(Call call) {
      call.commandDone(this);
    }
  }

  /** The media could not hang up; the call was in this state before. */
  record HangUpFailed(CallState before, Throwable failure) implements Message {
    @Override
    public void bringTo(Call call) {
      call.hangUpFailed(before, failure);
    }
  }

  /** The media could not refuse the call, which was in this state before. */
  record RefusalFailed(CallState before, Throwable failure) implements Message {
    @Override
    public void bringTo(Call call) {
      call.refusalFailed(before, failure);
    }
  }

  /**
   * Another call wants to be joined.
   *
   * @param zone of whoever controls that
   * @param answer this call's media, or why not
   */
  record JoinAsked(SecurityZone zone, CompletableFuture<MediaCall> answer) implements Message {
    @Override
    public void bringTo(Call call) {
      call.joinAsked(zone, answer);
    }
  }

  /**
   * What came of a join or unjoin that this call asked for.
   *
   * @param iq to be answered; empty for a join that was part of a dial
   * @param target of a join
   * @param made the mixer that it was joined to
   */
  record JoinAnswered(
      Optional<IQ> iq,
      Optional<JoinTarget> target,
      Optional<StanzaError> refusal,
      Optional<JID> made)
      implements Message {
    @Override
    public void bringTo(Call call) {
      call.joinAnswered(this);
    }
  }

  /** The call is joined. */
  record Joined(PartyKey other, JoinTarget target) implements Message {
    @Override
    public void bringTo(Call call) {
      call.joined(other, target);
    }
  }

  /** The call is not joined any more. */
  record Unjoined(PartyKey other) implements Message {
    @Override
    public void bringTo(Call call) {
      call.unjoined(other);
    }
  }

  /** A client says something to the other side. */
  record TextToSend(org.xmpp.packet.Message message, String text) implements Message {
    @Override
    public void bringTo(Call call) {
      call.messages().send(message, text);
    }
  }

  /** The media has sent it on, or not. */
  record TextSent(org.xmpp.packet.Message message, Optional<Throwable> failure) implements Message {
    @Override
    public void bringTo(Call call) {
      call.messages().sent(message, failure);
    }
  }

  /** The call's end is written down, or cannot be. */
  record EndNoted(CallNote.End end) implements Message {
    @Override
    public void bringTo(Call call) {
      call.endNoted(end);
    }
  }

  /** All that was sent to the call before it left the directory has been handled. */
  record NothingFollows() implements Message {
    @Override
    public void bringTo(Call call) {
      call.nothingFollows();
    }
  }

  static Behavior<Message> create(
      CallEnvironment environment,
      String id,
      MediaCall media,
      Consumer<Switchboard.Message> switchboard) {
    Behavior<Message> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      Call call =
                          new Call(
                              environment, id, media, new OwnMailbox(context, timers), switchboard);
                      return Behaviors.receiveMessage(message -> receive(call, message));
                    }));
    // A defect that shows on one message must not take the call, and its recordings, with it.
    return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
  }

  private static Behavior<Message> receive(Call call, Message message) {
    message.bringTo(call);
    return call.isClosed() ? Behaviors.stopped() : Behaviors.same();
  }

  private static final class OwnMailbox extends ActorMailbox<Message> implements CallMailbox {
    OwnMailbox(ActorContext<Message> context, TimerScheduler<Message> timers) {
      super(context, timers);
    }
  }
}
