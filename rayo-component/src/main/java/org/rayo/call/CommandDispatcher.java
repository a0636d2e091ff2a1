package org.rayo.call;

import java.util.Optional;
import java.util.function.Consumer;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.CommandRefusedException;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.RayoCommand;
import org.rayo.protocol.RayoReader;
import org.rayo.protocol.ServerCommand;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.StanzaErrors;
import org.rayo.xmpp.CommandHandler;
import org.rayo.xmpp.EntityKind;
import org.rayo.xmpp.StanzaSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;

/**
 * Parses each Rayo command once and hands it to the call it is for, or answers why not. Runs on the
 * stream's reader thread, so a client's commands reach a call in the order in which it sent them.
 */
public final class CommandDispatcher implements CommandHandler {

  private static final Logger LOG = LoggerFactory.getLogger(CommandDispatcher.class);

  private final CallDirectory calls;
  private final Clients clients;
  private final StanzaSender stream;
  private final Consumer<CallSupervisor.Message> supervisor;

  /**
   * @param supervisor takes what is for no call yet; must not block
   */
  public CommandDispatcher(
      CallDirectory calls,
      Clients clients,
      StanzaSender stream,
      Consumer<CallSupervisor.Message> supervisor) {
    this.supervisor = supervisor;
    this.calls = calls;
    this.clients = clients;
    this.stream = stream;
  }

  @Override
  public void command(IQ iq) {
    clients.heardFrom(iq.getFrom());
    try {
      dispatch(iq);
    } catch (CommandRefusedException e) {
      LOG.debug("{} to {} refused: {}", iq.getFrom(), iq.getTo(), e.getMessage());
      stream.send(StanzaErrors.reply(iq, e.error()));
    }
  }

  private void dispatch(IQ iq) throws CommandRefusedException {
    Optional<StanzaError> barred = clients.mayCommand(iq.getFrom());
    if (barred.isPresent()) {
      throw refused(barred.orElseThrow());
    }
    if (iq.getType() != IQ.Type.set) {
      throw refused(StanzaError.badRequest("Rayo commands are iq stanzas of type 'set'"));
    }
    Optional<String> node = Optional.ofNullable(iq.getTo().getNode());
    Optional<PartyKey> mixer = node.flatMap(name -> calls.mixer(iq.getFrom(), name));
    if (node.isPresent() && mixer.isEmpty() && !calls.contains(node.orElseThrow())) {
      throw noSuchCall(node.orElseThrow());
    }
    RayoCommand command = RayoReader.read(iq.getChildElement(), clients.dialectOf(iq.getFrom()));
    if (command instanceof ServerCommand.Dial dial) {
      if (node.isPresent()) {
        throw refused(StanzaError.notImplemented("dial is for the server itself, not for a call"));
      }
      supervisor.accept(new CallSupervisor.Dial(iq, dial));
      return;
    }
    if (node.isEmpty()) {
      throw refused(
          StanzaError.notImplemented("this command is for a call, not for the server itself"));
    }
    Optional<String> component = component(iq, command);
    boolean brought =
        mixer.isPresent()
            ? calls.tell(mixer.orElseThrow(), toMixer(iq, component, command))
            : calls.tell(node.orElseThrow(), toCall(iq, component, command));
    if (!brought) {
      throw noSuchCall(node.orElseThrow());
    }
  }

  private static CallActor.Message toCall(IQ iq, Optional<String> component, RayoCommand command) {
    return component.isPresent()
        ? new CallActor.ComponentCommandReceived(
            iq, component.orElseThrow(), (ComponentCommand) command)
        : new CallActor.CommandReceived(iq, (CallCommand) command);
  }

  private static MixerActor.Message toMixer(
      IQ iq, Optional<String> component, RayoCommand command) {
    return component.isPresent()
        ? new MixerActor.ComponentCommandReceived(
            iq, component.orElseThrow(), (ComponentCommand) command)
        : new MixerActor.CommandReceived(iq, (CallCommand) command);
  }

  /** The component that the command is for; empty when it is for the call or mixer itself. */
  private Optional<String> component(IQ iq, RayoCommand command) throws CommandRefusedException {
    if (command instanceof ComponentCommand) {
      return Optional.of(
          Optional.ofNullable(iq.getTo().getResource())
              .orElseThrow(
                  () ->
                      refused(
                          StanzaError.notImplemented(
                              "this command is for a component of the call, not for the call"))));
    }
    // The wiki page addresses calls with a resource, as in 9f00061@call.rayo.net/1.
    if (calls.find(iq.getTo(), iq.getFrom()).filter(EntityKind.COMPONENT::equals).isPresent()) {
      throw refused(
          StanzaError.notImplemented("this command is for a call, not for one of its components"));
    }
    return Optional.empty();
  }

  private static CommandRefusedException noSuchCall(String id) {
    return refused(StanzaError.itemNotFound("there is no call or mixer " + id));
  }

  private static CommandRefusedException refused(StanzaError error) {
    return new CommandRefusedException(error);
  }
}
