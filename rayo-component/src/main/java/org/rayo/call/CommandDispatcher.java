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
    Optional<String> call = Optional.ofNullable(iq.getTo().getNode());
    if (call.isPresent() && !calls.contains(call.orElseThrow())) {
      throw noSuchCall(call.orElseThrow());
    }
    RayoCommand command = RayoReader.read(iq.getChildElement(), clients.dialectOf(iq.getFrom()));
    if (command instanceof ServerCommand.Dial dial) {
      if (call.isPresent()) {
        throw refused(StanzaError.notImplemented("dial is for the server itself, not for a call"));
      }
      supervisor.accept(new CallSupervisor.Dial(iq, dial));
      return;
    }
    if (call.isEmpty()) {
      throw refused(
          StanzaError.notImplemented("this command is for a call, not for the server itself"));
    }
    if (!calls.tell(call.orElseThrow(), message(iq, command))) {
      throw noSuchCall(call.orElseThrow());
    }
  }

  private CallActor.Message message(IQ iq, RayoCommand command) throws CommandRefusedException {
    Optional<String> resource = Optional.ofNullable(iq.getTo().getResource());
    if (command instanceof ComponentCommand componentCommand) {
      String component =
          resource.orElseThrow(
              () ->
                  refused(
                      StanzaError.notImplemented(
                          "this command is for a component of the call, not for the call")));
      return new CallActor.ComponentCommandReceived(iq, component, componentCommand);
    }
    // The wiki page addresses calls with a resource, as in 9f00061@call.rayo.net/1.
    if (calls.find(iq.getTo()).filter(EntityKind.COMPONENT::equals).isPresent()) {
      throw refused(
          StanzaError.notImplemented("this command is for a call, not for one of its components"));
    }
    return new CallActor.CommandReceived(iq, (CallCommand) command);
  }

  private static CommandRefusedException noSuchCall(String id) {
    return refused(StanzaError.itemNotFound("there is no call " + id));
  }

  private static CommandRefusedException refused(StanzaError error) {
    return new CommandRefusedException(error);
  }
}
