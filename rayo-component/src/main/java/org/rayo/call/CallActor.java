package org.rayo.call;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaRecording;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.ComponentCommand;
import org.rayo.recording.CallNote;
import org.rayo.recording.Recordings.Finished;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * The actor of one call: brings its messages, one at a time, to a {@link Call}, and stops when that
 * has ended.
 */
public final class CallActor {

  private CallActor() {}

  /** What a call is told. */
  public sealed interface Message {
    /** Hands itself to the call's method for it. */
    void bringTo(Call call);

    /** What marks the log lines that are written while this is handled. */
    default Map<String, String> mdc() {
      return Map.of();
    }
  }

  /** About one recording. */
  private sealed interface OfRecording extends Message {
    RecordComponent component();

    @Override
    default Map<String, String> mdc() {
      return Map.of("recording", component().manifest().recordingId());
    }
  }

  /** Begin: offer the call. */
  record Announce() implements Message {
    @Override
    public void bringTo(Call call) {
      call.announce();
    }
  }

  /** Begin: this client has dialled the call. */
  record Dialled(JID client) implements Message {
    @Override
    public void bringTo(Call call) {
      call.dialled(client);
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

  /** A recording runs. */
  record RecordBegun(RecordComponent component, MediaRecording recording) implements OfRecording {
    @Override
    public void bringTo(Call call) {
      call.recordBegun(component, recording);
    }
  }

  /** A recording could not begin. */
  record RecordFailed(RecordComponent component, Throwable failure) implements OfRecording {
    @Override
    public void bringTo(Call call) {
      call.recordFailed(component, failure);
    }
  }

  /** A recording is where its client can read it, or never will be. */
  record RecordFinished(RecordComponent component, Finished finished) implements OfRecording {
    @Override
    public void bringTo(Call call) {
      call.recordFinished(component, finished);
    }
  }

  /** An output, input or prompt runs; {@code install} is to be run first. */
  record ComponentBegun(Component component, Runnable install) implements Message {
    @Override
    public void bringTo(Call call) {
      call.componentBegun(component, install);
    }
  }

  /** An output, input or prompt could not begin. */
  record ComponentFailed(Component component, Throwable failure) implements Message {
    @Override
    public void bringTo(Call call) {
      call.componentFailed(component, failure);
    }
  }

  /** A time that a component waited for is over. */
  record ComponentTimeOut(Component component, Component.Timer timer) implements Message {
    @Override
    public void bringTo(Call call) {
      call.componentTimeOut(component, timer);
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

  static Behavior<Message> create(CallEnvironment environment, String id, MediaCall media) {
    Behavior<Message> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      Call call = new Call(environment, id, media, mailbox(context, timers));
                      return Behaviors.receiveMessage(message -> receive(call, message));
                    }));
    // A defect that shows on one message must not take the call, and its recordings, with it.
    return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
  }

  private static Behavior<Message> receive(Call call, Message message) {
    message.bringTo(call);
    return call.isClosed() ? Behaviors.stopped() : Behaviors.same();
  }

  private static CallMailbox mailbox(
      ActorContext<Message> context, TimerScheduler<Message> timers) {
    return new CallMailbox() {
      @Override
      public void tell(Message message) {
        context.getSelf().tell(message);
      }

      @Override
      public <T> void tellOf(
          CompletionStage<T> stage, BiFunction<T, Optional<Throwable>, Message> message) {
        context.pipeToSelf(
            stage, (value, failure) -> message.apply(value, Optional.ofNullable(failure)));
      }

      @Override
      public void offerAgain(Duration pause) {
        timers.startSingleTimer(new OfferAgain(), pause);
      }

      @Override
      public void startGrace(Duration grace) {
        timers.startSingleTimer(new GraceOver(), grace);
      }

      @Override
      public void stopGrace() {
        timers.cancel(new GraceOver());
      }

      @Override
      public void startTimer(String name, Message message, Duration time) {
        timers.startSingleTimer(name, message, time);
      }

      @Override
      public void stopTimer(String name) {
        timers.cancel(name);
      }
    };
  }
}
