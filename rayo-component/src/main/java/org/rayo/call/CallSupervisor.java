package org.rayo.call;

import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.rayo.media.MediaCall;

/** The parent of all calls: makes an actor for each that rings in. */
public final class CallSupervisor {

  private CallSupervisor() {}

  /** What the supervisor is told. */
  public sealed interface Message {}

  /** A call rings in. */
  public record Incoming(MediaCall call) implements Message {}

  public static Behavior<Message> create(CallEnvironment environment) {
    return Behaviors.setup(
        context ->
            Behaviors.receive(Message.class)
                .onMessage(Incoming.class, incoming -> onIncoming(context, environment, incoming))
                .build());
  }

  private static Behavior<Message> onIncoming(
      ActorContext<Message> context, CallEnvironment environment, Incoming incoming) {
    String id = Ids.call();
    Behavior<CallActor.Message> call =
        Behaviors.withMdc(
            CallActor.Message.class,
            Map.of("call", id),
            CallActor.Message::mdc,
            CallActor.create(environment, id, incoming.call()));
    ActorRef<CallActor.Message> actor = context.spawn(call, id);
    environment.directory().add(id, actor);
    actor.tell(new CallActor.Announce());
    return Behaviors.same();
  }
}
