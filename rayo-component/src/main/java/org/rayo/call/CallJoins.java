package org.rayo.call;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.CommandRefusedException;
import org.rayo.protocol.JoinTarget;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.StanzaError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * What one call is joined to. The {@link Switchboard} makes and breaks joins; the call asks it, and
 * tells its controlling party what it is told.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-joining">XEP-0327, joining
 *     calls</a>
 */
final class CallJoins {

  private static final Logger LOG = LoggerFactory.getLogger(CallJoins.class);

  private final CallEnvironment environment;
  private final JID address;
  private final MediaCall media;
  private final CallStanzas stanzas;
  private final CallParties parties;
  private final Consumer<Switchboard.Message> switchboard;
  private final Map<PartyKey, JoinTarget> joined = new LinkedHashMap<>();

  /** Of the dial that made the call, until there is media. */
  private List<CallCommand.Join> nested = List.of();

  CallJoins(
      CallEnvironment environment,
      JID address,
      MediaCall media,
      CallStanzas stanzas,
      CallParties parties,
      Consumer<Switchboard.Message> switchboard) {
    this.environment = environment;
    this.address = address;
    this.media = media;
    this.stanzas = stanzas;
    this.parties = parties;
    this.switchboard = switchboard;
  }

  /** It is joined to nothing. */
  boolean isEmpty() {
    return joined.isEmpty();
  }

  /** Asks for a join; a {@link CallActor.JoinAnswered} follows. For a call that is controlled. */
  void join(IQ iq, CallCommand.Join command) {
    ask(Optional.of(iq), command);
  }

  private void ask(Optional<IQ> iq, CallCommand.Join command) {
    Switchboard.Asker asker = asker(iq);
    switchboard.accept(new Switchboard.Join(asker, key(asker.zone(), command.target()), command));
  }

  /** Asks to break one join, or all; a {@link CallActor.JoinAnswered} follows. */
  void unjoin(IQ iq, CallCommand.Unjoin command) {
    Switchboard.Asker asker = asker(Optional.of(iq));
    switchboard.accept(
        new Switchboard.Unjoin(
            asker, command.target().map(target -> key(asker.zone(), target)), joined.keySet()));
  }

  private Switchboard.Asker asker(Optional<IQ> iq) {
    JID controller = parties.controller().orElseThrow();
    return new Switchboard.Asker(address, media, controller, parties.zone().orElseThrow(), iq);
  }

  private static PartyKey key(SecurityZone zone, JoinTarget target) {
    return target instanceof JoinTarget.OfMixer mixer
        ? PartyKey.ofMixer(zone, mixer.node())
        : PartyKey.ofCall(((JoinTarget.OfCall) target).address().getNode());
  }

  /** These joins are to be made when the call has media. */
  void nest(List<CallCommand.Join> joins) {
    nested = joins;
  }

  /**
   * It has.
   *
   * @param answered else it is early media, which cannot be sent past this server
   */
  void mediaFlows(boolean answered) {
    Map<Boolean, List<CallCommand.Join>> now =
        nested.stream()
            .collect(
                Collectors.partitioningBy(
                    join -> answered || join.media() == JoinRequest.Media.BRIDGE));
    nested = now.getOrDefault(false, List.of());
    now.getOrDefault(true, List.of()).forEach(join -> ask(Optional.empty(), join));
  }

  /** A join that was part of a dial is not made: the client hears that it is not there. */
  void nestedRefused(JoinTarget target, StanzaError refusal) {
    LOG.warn("a join that was part of the dial was not made: {}", refusal.text());
    tell(new RayoEvent.Unjoined(target));
  }

  /** Another call wants to be joined to this one: says whether it may. */
  void asked(SecurityZone zone, boolean over, CompletableFuture<MediaCall> answer) {
    if (over) {
      answer.completeExceptionally(
          new CommandRefusedException(
              StanzaError.serviceUnavailable("the call " + address + " is over")));
    } else if (!parties.isOf(zone)) {
      answer.completeExceptionally(
          new CommandRefusedException(
              StanzaError.notAllowed("the call " + address + " is out of your reach")));
    } else {
      answer.complete(media);
    }
  }

  void joined(PartyKey other, JoinTarget target) {
    joined.put(other, target);
    // It may have been asked for by a party whose place another has taken meanwhile.
    parties.controller().ifPresent(now -> tellController(other, now));
    LOG.info("joined to {}", other.node());
    tell(new RayoEvent.Joined(target));
  }

  void unjoined(PartyKey other) {
    JoinTarget target = joined.remove(other);
    if (target != null) {
      LOG.info("unjoined from {}", other.node());
      tell(new RayoEvent.Unjoined(target));
    }
  }

  private void tell(RayoEvent event) {
    parties.controller().ifPresent(client -> stanzas.event(client, event));
  }

  /** Another party has taken control. */
  void controlledBy(JID now) {
    joined.keySet().forEach(other -> tellController(other, now));
  }

  /** A mixer knows who controls the calls in it. */
  private void tellController(PartyKey other, JID now) {
    if (other.isMixer()) {
      environment.directory().tell(other, new MixerActor.ControlTaken(address, now));
    }
  }

  /** The call is over: whoever it is joined to is told at once. */
  void callEnded() {
    nested = List.of();
    switchboard.accept(new Switchboard.CallEnded(address.getNode()));
  }

  /** Its own controlling party is told when all components are complete, before the end. */
  void tellAllUnjoined() {
    List.copyOf(joined.keySet()).forEach(this::unjoined);
  }
}
