package org.rayo.call;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.rayo.media.DialRequest;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaCall;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.Durations;
import org.rayo.protocol.JoinTarget;
import org.rayo.protocol.ServerCommand;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.StanzaErrors;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * The parent of all calls: makes an actor for each that rings in, and for each that a client dials.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-establishment">XEP-0327, session
 *     establishment</a>
 */
public final class CallSupervisor {

  /** Ids that clients may ask for: what the spool can call a file, and an address as well. */
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private final ActorContext<Message> context;
  private final CallEnvironment environment;
  private final MediaBackend media;
  private final ActorRef<Switchboard.Message> switchboard;

  private CallSupervisor(
      ActorContext<Message> context, CallEnvironment environment, MediaBackend media) {
    this.context = context;
    this.environment = environment;
    this.media = media;
    this.switchboard = context.spawn(Switchboard.create(environment, media), "switchboard");
  }

  /** What the supervisor is told. */
  public sealed interface Message {}

  /** A call rings in. */
  public record Incoming(MediaCall call) implements Message {}

  /** A client wants a call placed. */
  public record Dial(IQ iq, ServerCommand.Dial command) implements Message {}

  /** The call that a client wanted is on its way. */
  private record Placed(IQ iq, String id, MediaCall call, List<CallCommand.Join> joins)
      implements Message {}

  /** It could not be placed. */
  private record NotPlaced(IQ iq, String id, Throwable failure) implements Message {}

  /**
   * The behaviour.
   *
   * @param media places the calls that clients dial
   */
  public static Behavior<Message> create(CallEnvironment environment, MediaBackend media) {
    return Behaviors.setup(
        context -> {
          CallSupervisor supervisor = new CallSupervisor(context, environment, media);
          return Behaviors.receive(Message.class)
              .onMessage(Incoming.class, supervisor::incoming)
              .onMessage(Dial.class, supervisor::dial)
              .onMessage(Placed.class, supervisor::placed)
              .onMessage(NotPlaced.class, supervisor::notPlaced)
              .build();
        });
  }

  private Behavior<Message> incoming(Incoming incoming) {
    String id = Ids.call();
    while (!environment.directory().reserve(id)) {
      id = Ids.call();
    }
    start(id, incoming.call()).tell(new CallActor.Announce());
    return Behaviors.same();
  }

  private Behavior<Message> dial(Dial dial) {
    IQ iq = dial.iq();
    JID client = iq.getFrom();
    Optional<StanzaError> barred = environment.clients().mayDial(client);
    Optional<StanzaError> unusable = dial.command().uri().flatMap(this::unusable);
    Optional<StanzaError> refusal =
        barred.or(() -> unusable).or(() -> alone(dial.command().joins()));
    if (refusal.isPresent()) {
      return refused(iq, refusal.get());
    }
    String id = dial.command().uri().map(JID::getNode).orElseGet(Ids::call);
    if (!environment.directory().reserve(id)) {
      return refused(iq, StanzaError.uriInUse("there is a call " + id + " already"));
    }
    Optional<StanzaError> full = environment.clients().calls().claim(client);
    if (full.isPresent()) {
      environment.directory().release(id);
      return refused(iq, full.get());
    }
    context.pipeToSelf(
        media.dial(request(dial.command())),
        (call, failure) ->
            failure == null
                ? new Placed(iq, id, call, dial.command().joins())
                : new NotPlaced(iq, id, failure));
    return Behaviors.same();
  }

  private static DialRequest request(ServerCommand.Dial command) {
    return new DialRequest(
        command.to(),
        command.from(),
        command.headers(),
        Durations.ofMillis(command.timeoutMillis()));
  }

  /** Why a call to come cannot be joined to what it is to be joined to. */
  private Optional<StanzaError> alone(List<CallCommand.Join> joins) {
    return joins.stream()
        .flatMap(
            join ->
                join.target() instanceof JoinTarget.OfCall call
                    ? Stream.of(call.address())
                    : Stream.empty())
        .filter(
            call ->
                !call.getDomain().equals(environment.domain())
                    || !environment.directory().contains(call.getNode()))
        .findFirst()
        .map(call -> StanzaError.serviceUnavailable("there is no call " + call));
  }

  /** Why a call cannot have the address that a client wishes it to have. */
  private Optional<StanzaError> unusable(JID wished) {
    if (!wished.getDomain().equals(environment.domain())) {
      return Optional.of(
          StanzaError.badRequest(
              "uri is at "
                  + wished.getDomain()
                  + "; the calls of this server are at "
                  + environment.domain()));
    }
    if (!ID.matcher(wished.getNode()).matches()) {
      return Optional.of(
          StanzaError.badRequest(
              "the node of uri is no id of a call: up to 64 of a-z 0-9 _ - are allowed, a letter or"
                  + " digit first"));
    }
    return Optional.empty();
  }

  private Behavior<Message> placed(Placed placed) {
    JID address = new JID(placed.id(), environment.domain(), null, true);
    Dialect dialect = environment.clients().dialectOf(placed.iq().getFrom());
    IQ result = IQ.createResultIQ(placed.iq());
    result.setChildElement(dialect.ref(address));
    start(placed.id(), placed.call()).tell(new CallActor.Dialled(result, placed.joins()));
    return Behaviors.same();
  }

  private Behavior<Message> notPlaced(NotPlaced failed) {
    environment.directory().release(failed.id());
    environment.clients().calls().giveBack(failed.iq().getFrom());
    return refused(failed.iq(), Failures.ofDialling(failed.failure()));
  }

  private Behavior<Message> refused(IQ iq, StanzaError error) {
    environment.stream().send(StanzaErrors.reply(iq, error));
    return Behaviors.same();
  }

  private ActorRef<CallActor.Message> start(String id, MediaCall call) {
    Behavior<CallActor.Message> behavior =
        Behaviors.withMdc(
            CallActor.Message.class,
            Map.of("call", id),
            CallActor.Message::mdc,
            CallActor.create(environment, id, call, switchboard::tell));
    // An id that a client chose may have belonged to a call whose actor is just about to stop.
    ActorRef<CallActor.Message> actor = context.spawnAnonymous(behavior);
    environment.directory().add(id, actor);
    return actor;
  }
}
